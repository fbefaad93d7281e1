.PHONY: demo test bench check ci

demo: ; go run ./cmd/terrace demo
test: ; go test ./...
bench: ; go run ./internal/tools/bench -only "$(ONLY)"
check: ; test -z "$$(gofmt -l .)" && go vet ./... && go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
ci: ; .ci/run
