// Writes the public surface of the package, entry by entry: `node api-report.mjs DIST/types OUT.txt`. Without
// comments and with every export in its place, so that a change of it is seen in review.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";

const [types, out] = process.argv.slice(2);
if (!types || !out) {
  console.error("usage: node api-report.mjs TYPES OUT.txt");
  process.exit(2);
}

const entries = {
  pangulm: "index.d.ts",
  "pangulm/signer": "signer/index.d.ts",
  "pangulm/obs": "obs/index.d.ts",
  "pangulm/tools": "tools/index.d.ts",
};
const files = Object.values(entries).map((file) => join(types, file));
const program = ts.createProgram(files, { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022 });
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });

/** Everything that declares an export, as it stands in its file. */
function declared(symbol) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const texts = (target.declarations ?? []).map((declaration) => {
    const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
  });
  return target.name === symbol.name ? texts.join("\n") : `${symbol.name}: ${target.name}`;
}

let report = "";
for (const [entry, file] of Object.entries(entries)) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(join(types, file)));
  const exported = checker.getExportsOfModule(module).sort((one, other) => (one.name < other.name ? -1 : 1));
  report += `==== ${entry}\n\n${exported.map((symbol) => `${declared(symbol)}\n`).join("\n")}\n`;
}
await writeFile(out, report);
