// What the official Cucumber language service makes of a suite by its .vscode/settings.json, as JSON.
//
//     node language_service.mjs PROJECT NODE_MODULES ['a sentence' ...]
//
// It does what the extension of VS Code does: indexes the glue, and asks for diagnostics, definitions and
// completion. The sentences are asked for as steps of a scenario.
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const [project, modules, ...sentences] = process.argv.slice(2)
const require = createRequire(path.join(modules, 'any.js'))
const entry = require.resolve('@cucumber/language-service')
const service = require('@cucumber/language-service')
const { WasmParserAdapter } = require('@cucumber/language-service/wasm')
const settings = JSON.parse(readFileSync(path.join(project, '.vscode/settings.json'), 'utf8'))

// The two patterns that are written: a file, `folder/*.py`, `folder/**/*.feature`.
function files(pattern) {
  const [folder, name] = [path.dirname(pattern).replace(/\/\*\*$/, ''), path.basename(pattern)]
  const recursive = pattern.includes('/**/')
  return readdirSync(path.join(project, folder), { recursive })
    .filter((file) => (name.startsWith('*') ? file.endsWith(name.slice(1)) : file === name))
    .sort()
    .map((file) => path.join(folder, file))
}

const read = (file) => readFileSync(path.join(project, file), 'utf8')
const adapter = new WasmParserAdapter(entry.replace(/dist\/.*/, 'dist'))
await adapter.init()
const glue = settings['cucumber.glue'].flatMap(files)
const index = new service.ExpressionBuilder(adapter).build(
  glue.map((uri) => ({ languageName: 'python', uri, content: read(uri) })),
  settings['cucumber.parameterTypes'],
)
const expressions = index.expressionLinks.map((link) => link.expression)
const undefinedIn = (source) => service.getGherkinDiagnostics(source, expressions)
const texts = []
const undefinedSteps = []
for (const file of settings['cucumber.features'].flatMap(files)) {
  const source = read(file)
  for (const each of undefinedIn(source)) undefinedSteps.push(`${file}:${each.range.start.line + 1}: ${each.message}`)
  for (const line of source.split('\n')) {
    const step = /^ +(?:Given|When|Then|And|But|\*) (.*)$/.exec(line)
    if (step) texts.push(step[1])
  }
}
const suggestions = service.buildSuggestions(index.registry, texts, expressions)
const asked = sentences.map((sentence) => {
  const source = `Feature: f\n  Scenario: s\n    Given ${sentence}\n`
  const position = { line: 2, character: 12 }
  const links = service.getStepDefinitionLocationLinks(source, position, index.expressionLinks)
  return {
    undefined: undefinedIn(source).length,
    places: links.map((link) => `${link.targetUri}:${link.targetRange.start.line + 1}`),
  }
})
console.log(
  JSON.stringify({
    errors: index.errors.map((error) => error.message),
    definitions: expressions.length,
    steps: texts.length,
    undefined: undefinedSteps,
    offered: Object.fromEntries(suggestions.map((each) => [each.label, each.segments])),
    asked,
  }),
)
