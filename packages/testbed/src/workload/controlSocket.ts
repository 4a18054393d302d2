import http from 'node:http';

/**
 * Gives the app of a pod an order over its unix socket.
 *
 * @throws Error with the app's own message and code
 */
export function orderApp<T>(
  socketPath: string,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { socketPath, method, path, agent: false },
      response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', chunk => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          const answer = JSON.parse(text);
          if (response.statusCode === 200) resolve(answer);
          else {
            const { message, code } = answer;
            reject(Object.assign(new Error(message), { code }));
          }
        });
      },
    );
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}
