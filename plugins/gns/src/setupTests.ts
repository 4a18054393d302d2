import '@testing-library/jest-dom';

// jsdom has no layout: React Flow asks for these two although our nodes come
// with sizes and are never measured.
class NoResizeObserver implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
class IdentityMatrix {
  readonly m22 = 1;
}
Object.assign(globalThis, {
  ResizeObserver: globalThis.ResizeObserver ?? NoResizeObserver,
  DOMMatrixReadOnly: globalThis.DOMMatrixReadOnly ?? IdentityMatrix,
});

// The text editor measures its lines.
Object.assign(Range.prototype, {
  getClientRects: Range.prototype.getClientRects ?? (() => []),
  getBoundingClientRect:
    Range.prototype.getBoundingClientRect ?? (() => new DOMRect()),
});
