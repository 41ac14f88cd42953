// Bundles what stands in src/ into the folder that is named on the command line, under names that
// change with the content, and writes manifest.json: the name in src/ or of a font → that name.
import { readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

const out = process.argv[2];
const { metafile } = await build({
  entryPoints: readdirSync("src").map((name) => join("src", name)),
  outdir: out,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [path, made] of Object.entries(metafile.outputs)) {
  const from = made.entryPoint ?? Object.keys(made.inputs)[0];
  manifest[basename(from)] = basename(path);
}
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, Object.keys(manifest).sort(), 1));
