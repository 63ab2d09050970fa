/** How a picture looks. Colours are said twice, for light pages and for dark ones; there are no variables, which not every viewer knows. */

interface Palette {
  readonly page: string;
  readonly ink: string;
  readonly dim: string;
  readonly line: string;
  readonly inside: readonly [fill: string, stroke: string];
  readonly external: readonly [fill: string, stroke: string];
  readonly dot: string;
  readonly wrong: readonly [ink: string, tint: string];
  readonly fault: readonly [ink: string, tint: string];
}

const LIGHT: Palette = {
  page: "#ffffff",
  ink: "#1e293b",
  dim: "#64748b",
  line: "#cbd5e1",
  inside: ["#eef2ff", "#a5b4fc"],
  external: ["#fff7ed", "#fdba74"],
  dot: "#475569",
  wrong: ["#c81e1e", "#fef2f2"],
  fault: ["#a16207", "#fefce8"],
};

const DARK: Palette = {
  page: "#0f172a",
  ink: "#e2e8f0",
  dim: "#94a3b8",
  line: "#334155",
  inside: ["#1e1b4b", "#6366f1"],
  external: ["#2b1a10", "#c2743b"],
  dot: "#94a3b8",
  wrong: ["#f87171", "#2d1620"],
  fault: ["#facc15", "#29230f"],
};

const SHAPES = `
text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12px;white-space:pre}
.title{font-size:17px;font-weight:700}
.heading{font-size:13.5px;font-weight:700}
.name{font-weight:700}
.part{font-size:11.5px}
.number{font-size:11px;font-weight:700}
.centred{text-anchor:middle}
.node{stroke-width:1.2}
.lifeline{stroke-width:1.2;stroke-dasharray:3 3}
.divider{stroke-width:1}
.arrow{stroke-width:1.4}
.arrow.difference,.arrow.cycle{stroke-width:2}
.lost{stroke-dasharray:5 3}
.cross{stroke-width:2.2;stroke-linecap:round;fill:none}
.seen{stroke-width:1.6}`;

export const STYLE = `${SHAPES}
${colours(LIGHT)}
@media (prefers-color-scheme:dark){
${colours(DARK)}
}
`;

function colours({ page, ink, dim, line, inside, external, dot, wrong, fault }: Palette): string {
  const [wrongInk, wrongTint] = wrong;
  const [faultInk, faultTint] = fault;
  return [
    `.page{fill:${page}}`,
    `text{fill:${ink}}`,
    `.summary,.part,.detail{fill:${dim}}`,
    `.lifeline,.divider{stroke:${line}}`,
    `.inside{fill:${inside[0]};stroke:${inside[1]}}`,
    `.external{fill:${external[0]};stroke:${external[1]}}`,
    `.arrow,.cross{stroke:${dot}}`,
    `.head,.dot,.bar{fill:${dot}}`,
    `.seen{fill:${page};stroke:${dot}}`,
    `.number{fill:${page}}`,
    ...(["difference", "cycle"] as const).map((mark) => marked(mark, wrongInk, wrongTint)),
    marked("fault", faultInk, faultTint),
  ].join("\n");
}

function marked(mark: string, ink: string, tint: string): string {
  return [
    `.arrow.${mark},.cross.${mark},.seen.${mark}{stroke:${ink}}`,
    `.head.${mark},.dot.${mark},.bar.${mark},text.${mark}{fill:${ink}}`,
    `.tint.${mark}{fill:${tint}}`,
  ].join("\n");
}
