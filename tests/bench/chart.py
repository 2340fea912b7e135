#!/usr/bin/env python3
"""Draw the runs that bench.py --json wrote as an SVG: CPU time and wall time of each linker as ratios to the first.

  chart.py RUNS.jsonl OUT.svg [--first NAME]

A bar a linker and workload; the thin line in it is the wall time. Medians of all runs in the file.
"""
import collections, json, statistics, sys

COLOURS = {"wcc": "#c8442c", "wild": "#4878a8", "mold": "#8a8a8a", "lld": "#b8b8b8", "bfd": "#d8d8d8"}
BAR, GAP, LEFT, WIDTH = 11, 12, 150, 760


def main():
    runs, out = sys.argv[1], sys.argv[2]
    times = collections.defaultdict(lambda: collections.defaultdict(list))
    for line in open(runs):
        r = json.loads(line)
        times[r["workload"]][r["linker"]].append((r["user"] + r["sys"], r["wall"]))
    first = sys.argv[4] if len(sys.argv) > 4 else next(iter(next(iter(times.values()))))
    body, y, top = [], 44, 0.0
    rows = []
    for workload, linkers in times.items():
        medians = {l: [statistics.median(x[i] for x in v) for i in (0, 1)] for l, v in linkers.items()}
        if first not in medians:
            continue
        base = medians[first]
        ratios = {l: [m[i] / max(base[i], 1e-9) for i in (0, 1)] for l, m in medians.items()}
        rows.append((workload, ratios))
        top = max([top] + [x for r in ratios.values() for x in r])
    scale = (WIDTH - LEFT - 60) / min(top, 4)
    for workload, ratios in rows:
        body.append(f'<text x="{LEFT - 8}" y="{y + BAR * len(ratios) / 2 + 4}" text-anchor="end">{workload}</text>')
        for name, (cpu, wall) in ratios.items():
            w = min(cpu, 4) * scale
            body.append(f'<rect x="{LEFT}" y="{y}" width="{w:.1f}" height="{BAR - 2}" fill="{COLOURS.get(name, "#ccc")}"/>')
            x = LEFT + min(wall, 4) * scale
            body.append(f'<line x1="{x:.1f}" y1="{y - 1}" x2="{x:.1f}" y2="{y + BAR - 1}" stroke="#222"/>')
            body.append(f'<text x="{max(x, LEFT + w) + 5:.1f}" y="{y + BAR - 2}" font-size="9">{name} {cpu:.2f}</text>')
            y += BAR
        y += GAP
    x1 = LEFT + scale
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 10}" font-family="sans-serif" font-size="11">'
            f'<rect width="100%" height="100%" fill="#fff"/>'
            f'<text x="{LEFT}" y="20">CPU time (bars) and wall time (lines), ratio to {first}; shorter is better</text>'
            f'<line x1="{x1:.1f}" y1="30" x2="{x1:.1f}" y2="{y}" stroke="#888" stroke-dasharray="3 3"/>')
    open(out, "w").write(head + "\n".join(body) + "</svg>\n")


if __name__ == "__main__":
    main()
