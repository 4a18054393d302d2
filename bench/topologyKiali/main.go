// Kiali's own graph builder, for the benchmark of the topology: a graph of many
// namespaces from vectors that are in memory, so that Prometheus' time is not in
// it. Appenders are off: they read more (configuration, health) than is compared.
//
// It takes `rows PATH` (JSON lines: namespace of the caller, metric labels,
// rate) and `measure ROUNDS` as lines, and answers each with a line of JSON.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/kiali/kiali/config"
	"github.com/kiali/kiali/graph"
	"github.com/kiali/kiali/graph/config/cytoscape"
	"github.com/kiali/kiali/graph/telemetry/istio"
	"github.com/kiali/kiali/prometheus"
	api "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/rs/zerolog"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Answers queries from memory; all others panic.
type memory struct {
	api.API
	incoming, outgoing map[string]model.Vector
	queries            int
}

var (
	outgoing = regexp.MustCompile(`istio_requests_total\{.*source_workload_namespace="([^"]+)"\}`)
	incoming = regexp.MustCompile(`istio_requests_total\{.*[^_]destination_workload_namespace="([^"]+)"\}`)
)

func (m *memory) Query(_ context.Context, query string, _ time.Time, _ ...api.Option) (model.Value, api.Warnings, error) {
	m.queries++
	if !strings.Contains(query, `destination_workload="unknown"`) {
		if found := incoming.FindStringSubmatch(query); found != nil {
			return m.incoming[found[1]], nil, nil
		}
		if found := outgoing.FindStringSubmatch(query); found != nil {
			return m.outgoing[found[1]], nil, nil
		}
	}
	return model.Vector{}, nil, nil
}

type row struct {
	Metric model.Metric `json:"metric"`
	Value  float64      `json:"value"`
}

func (m *memory) read(path string) {
	text, err := os.ReadFile(path)
	check(err)
	m.incoming, m.outgoing = map[string]model.Vector{}, map[string]model.Vector{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var one row
		check(json.Unmarshal([]byte(line), &one))
		sample := &model.Sample{Metric: one.Metric, Value: model.SampleValue(one.Value)}
		from, to := string(one.Metric["source_workload_namespace"]), string(one.Metric["destination_workload_namespace"])
		m.outgoing[from] = append(m.outgoing[from], sample)
		m.incoming[to] = append(m.incoming[to], sample)
	}
}

func cpu() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	ms := func(t syscall.Timeval) float64 { return float64(t.Sec)*1e3 + float64(t.Usec)/1e3 }
	return ms(usage.Utime) + ms(usage.Stime)
}

func (m *memory) graph(client *prometheus.Client) (nodes, edges int, text []byte) {
	common := graph.CommonOptions{Duration: time.Minute, GraphType: graph.GraphTypeVersionedApp, QueryTime: time.Now().Unix()}
	namespaces := graph.NewNamespaceInfoMap()
	for name := range m.incoming {
		namespaces[name] = graph.NamespaceInfo{Name: name, Duration: time.Minute}
	}
	traffic := istio.BuildNamespacesTrafficMap(context.Background(), graph.TelemetryOptions{
		InjectServiceNodes: true,
		Namespaces:         namespaces,
		Rates:              graph.RequestedRates{Grpc: graph.RateRequests, Http: graph.RateRequests, Tcp: graph.RateSent},
		CommonOptions:      common,
	}, client, graph.NewAppenderGlobalInfo())
	drawn := cytoscape.NewConfig(traffic, graph.ConfigOptions{BoxBy: graph.BoxByNone, CommonOptions: common})
	text, err := json.Marshal(drawn)
	check(err)
	return len(drawn.Elements.Nodes), len(drawn.Elements.Edges), text
}

func main() {
	// Else every query is written to the log.
	zerolog.SetGlobalLevel(zerolog.Disabled)
	config.Set(config.NewConfig())
	client, err := prometheus.NewClient()
	check(err)
	m := &memory{}
	client.Inject(m)
	answer := func(value any) {
		text, err := json.Marshal(value)
		check(err)
		fmt.Println(string(text))
	}
	answer("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		switch words[0] {
		case "rows":
			m.read(words[1])
			answer("read")
		case "measure":
			rounds, err := strconv.Atoi(words[1])
			check(err)
			times := []float64{}
			before := cpu()
			m.queries = 0
			nodes, edges := 0, 0
			for i := 0; i < rounds; i++ {
				start := time.Now()
				nodes, edges, _ = m.graph(client)
				times = append(times, float64(time.Since(start).Microseconds())/1e3)
			}
			answer(map[string]any{
				"cpu": (cpu() - before) / float64(rounds), "times": times,
				"queries": m.queries / rounds, "nodes": nodes, "edges": edges,
			})
		default:
			check(fmt.Errorf("no command %q", words[0]))
		}
	}
}
