# Everything a developer or an operator does with ackbox. `make` alone prints the list below.
# Bun comes from its npm package, so Node with npm, make and git are all a machine needs.

.DEFAULT_GOAL := help

BUN := node_modules/.bin/bun
INSTALLED := node_modules/.ackbox-installed
# Asked only by the targets that use it; Compose v1 is what a Debian without the plugin has.
COMPOSE = $(shell docker compose version >/dev/null 2>&1 && \
	echo docker compose || echo docker-compose)

# The threads are entry points of their own in the binary. Flat entry names put thread.js where
# `new URL('./thread.ts', import.meta.url)` looks for it there: beside the program. Dockerfile has
# the same command, and a test holds the two together.
COMPILE = build --compile --no-compile-autoload-dotenv --no-compile-autoload-bunfig --bytecode \
	--splitting --format=esm --entry-naming=[name].[ext] src/main.ts src/sqlite/thread.ts

# Standard output belongs to the server's JSON lines, and the server replaces the shell, so
# Ctrl-C, SIGTERM and the exit code are its own. The allocator's setting spares much CPU for some
# memory: docs/decisions/0021.
SERVE = export DATABASE_URL="$${DATABASE_URL:-sqlite:///./data/app.db}"; \
	export MIMALLOC_PURGE_HOLES="$${MIMALLOC_PURGE_HOLES-0}"; \
	exec $(BUN) src/main.ts serve

.PHONY: help
help: ## Print this list
	@echo 'Usage: make <target>'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | \
		while IFS='|' read -r name text; do printf '  %-17s%s\n' "$$name" "$$text"; done
	@echo
	@echo 'run and start honour PORT, HOST, DATABASE_URL, WEBHOOK_SECRET and LOG_LEVEL.'

# Exactly what the lock file says, and never a change to it. Not `npm ci`: that refuses a lock file
# made where the registry lacks a platform's optional package, and wipes what a running server uses.
# npm's own output would be noise in front of the server's log; its errors are shown. Where npm is
# set to skip install scripts, node_modules/bun holds a stub until its installer has run.
$(INSTALLED): package-lock.json
	@echo 'Installing dependencies (once)' >&2
	@npm install --no-save --no-audit --no-fund --loglevel=error >/dev/null
	@$(BUN) --version >/dev/null 2>&1 || node node_modules/bun/install.js >&2
	@touch $@

.PHONY: run
run: $(INSTALLED) ## Serve on port 8000 with ./data/app.db and the README's example secret
	@[ -n "$$WEBHOOK_SECRET_FILE" ] || \
		export WEBHOOK_SECRET="$${WEBHOOK_SECRET-ackbox-example-secret}"; \
	$(SERVE)

.PHONY: start
start: $(INSTALLED) ## Serve like run, but with no default secret: set WEBHOOK_SECRET
	@$(SERVE)

.PHONY: test
test: $(INSTALLED) ## Run every test; the last line is the count
	@rm -f junit.xml
	@$(BUN) test --timeout 20000 --parallel=2 --no-isolate --reporter=junit --reporter-outfile=junit.xml; \
		exec $(BUN) test/summary.ts junit.xml $$?

.PHONY: check
check: $(INSTALLED) ## Check format, lint, types, tidiness and architecture
	@node_modules/.bin/biome check --error-on-warnings .
	@node_modules/.bin/tsc -p .
	@node_modules/.bin/tsc -p src/web/browser
	@$(BUN) test test/tidy.test.ts

.PHONY: bench
bench: $(INSTALLED) ## Measure speed and memory, and write docs/benchmarks.md
	@$(BUN) bench/run.ts && $(BUN) bench/whatsapp/run.ts && exec $(BUN) bench/costs/run.ts

.PHONY: bench-whatsapp
bench-whatsapp: $(INSTALLED) ## Measure notifications of WhatsApp alone, in batches of several sizes
	@exec $(BUN) bench/whatsapp/run.ts

.PHONY: bench-costs
bench-costs: $(INSTALLED) ## Measure alone what metrics and the record of refusals cost
	@exec $(BUN) bench/costs/run.ts

.PHONY: bench-page
bench-page: $(INSTALLED) ## Measure in Chromium when the inbox over a million messages can be used
	@exec $(BUN) bench/page/run.ts

.PHONY: bench-reads
bench-reads: $(INSTALLED) ## Measure reads of up to ten million messages; BENCH_SIZES says how many
	@exec $(BUN) bench/reads/run.ts

.PHONY: screenshots
screenshots: $(INSTALLED) ## Make the images in docs/images anew, with Chromium
	@exec $(BUN) test/browser/screenshots.ts

.PHONY: prove
prove: $(INSTALLED) ## Attack the real process; ROUNDS=1000 at length, ATTACKS, SEED, BINARY=1
	@exec $(BUN) prove/run.ts

.PHONY: fuzz
fuzz: $(INSTALLED) ## Send mutated requests; SEED, REQUESTS=1000000 at length, FROM
	@exec $(BUN) prove/fuzz/run.ts

.PHONY: sabotage
sabotage: $(INSTALLED) ## Break a copy of the source line by line; the tests must notice each time
	@exec $(BUN) test/sabotage/run.ts

.PHONY: build
build: $(INSTALLED) ## Compile the single binary dist/ackbox
	@$(BUN) $(COMPILE) --outfile dist/ackbox

.PHONY: up
up: ## Build the image and start the container; needs WEBHOOK_SECRET (environment or .env)
	@[ -n "$$WEBHOOK_SECRET" ] || grep -q '^WEBHOOK_SECRET=.' .env 2>/dev/null || { \
		echo 'WEBHOOK_SECRET is not set. Give the secret you share with the sender:' >&2; \
		echo '  WEBHOOK_SECRET=... make up' >&2; \
		echo 'or put the line WEBHOOK_SECRET=... into a file named .env here.' >&2; exit 1; }
	@$(COMPOSE) up --build --detach
	@echo "ackbox is starting on http://localhost:$${PORT:-8000}; make logs shows what it says"

# Compose reads the whole file for any command, so these need some secret too; none is used.
.PHONY: down
down: ## Stop the container; its data stays in the volume
	@WEBHOOK_SECRET=unused $(COMPOSE) down

.PHONY: logs
logs: ## Follow the container's log
	@WEBHOOK_SECRET=unused $(COMPOSE) logs --follow --tail=100

.PHONY: test-container
test-container: $(INSTALLED) ## Build the image and prove it on a real container engine
	@exec $(BUN) test/container/run.ts

.PHONY: clean
clean: ## Remove what was installed and built; never the data
	@rm -rf node_modules dist coverage junit.xml
