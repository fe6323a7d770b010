import uPlot from '../lib/uplot/uPlot.esm.js';

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const figure = value => {
  const size = Math.abs(value);
  return size === 0 ? '0' : size >= 1000 ? Math.round(value).toLocaleString('en') : size < 1e-4 ? value.toExponential(1) : String(+value.toPrecision(4));
};

const axis = extra => ({
  stroke: () => colour('--text-muted'),
  font: '12px "Source Sans Pro", system-ui, sans-serif',
  grid: { stroke: () => colour('--line'), width: 1 },
  ticks: { stroke: () => colour('--line'), width: 1, size: 4 },
  ...extra,
});

/** Shows the step, and the figures of the lines there: all of a few lines, or the one nearest to the pointer. */
function tooltip(lines) {
  const box = document.createElement('div');
  box.className = 'plot-tip';
  let nearest = null;

  function row(plot, line, index) {
    const value = plot.data[line][index];
    if (value == null || !plot.series[line].show) {
      return;
    }

    const text = document.createElement('div');
    const swatch = document.createElement('i');
    swatch.style.background = colour(lines[line - 1].colour);
    text.append(swatch, `${lines[line - 1].label}  ${figure(value)}`);
    box.append(text);
  }

  return {
    hooks: {
      init: plot => plot.over.append(box),
      setSeries: (plot, line) => { nearest = line; },
      setCursor: plot => {
        const { idx, left, top } = plot.cursor;
        box.replaceChildren();
        if (idx != null && left >= 0) {
          (lines.length <= 4 ? lines.map((_, i) => i + 1) : [nearest].filter(line => line > 0)).forEach(line => row(plot, line, idx));
        }

        box.style.display = box.childElementCount > 0 ? 'block' : 'none';
        if (box.childElementCount > 0) {
          const head = document.createElement('div');
          head.className = 'plot-tip-head';
          head.textContent = `step ${plot.data[0][idx].toLocaleString('en')}`;
          box.prepend(head);
          const right = left > plot.over.clientWidth / 2;
          box.style.transform = `translate(${right ? left - box.offsetWidth - 12 : left + 12}px, ${Math.min(top, plot.over.clientHeight - box.offsetHeight)}px)`;
        }
      },
    },
  };
}

/** A chart in `element`; `lines` have a label, a group, a colour (name of a style variable) and may be dashed. */
export function create(element, lines) {
  const points = lines.map(() => [[], []]);
  const size = () => ({ width: Math.max(element.clientWidth, 120), height: element.clientHeight });
  const plot = new uPlot(
    {
      ...size(),
      padding: [10, 18, 0, 0],
      legend: { show: false },
      cursor: { focus: { prox: lines.length > 4 ? 24 : -1 }, points: { size: 6 }, drag: { x: true, y: false } },
      focus: { alpha: 0.25 },
      scales: { x: { time: false } },
      axes: [axis({ size: 30, values: (_, ticks) => ticks.map(tick => Number.isInteger(tick) ? tick.toLocaleString('en') : '') }), axis({ size: 54, values: (_, ticks) => ticks.map(figure) })],
      series: [
        {},
        ...lines.map(line => ({
          label: line.label,
          stroke: () => colour(line.colour),
          width: lines.length > 6 ? 1.25 : 1.75,
          dash: line.dashed ? [6, 4] : undefined,
          spanGaps: true,
          points: { show: false },
        })),
      ],
      plugins: [tooltip(lines)],
    },
    [[], ...lines.map(() => [])],
    element);

  const fit = new ResizeObserver(() => plot.setSize(size()));
  fit.observe(element);
  const scheme = new MutationObserver(() => plot.redraw(false, true));
  scheme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-scheme'] });

  return {
    append(news) {
      for (const { line, steps, values } of news) {
        points[line][0].push(...steps);
        points[line][1].push(...values);
      }

      const all = plot.data[0];
      const zoomed = all.length > 1 && (plot.scales.x.min > all[0] || plot.scales.x.max < all[all.length - 1]);
      plot.setData(points.length > 1 ? uPlot.join(points) : points[0], !zoomed);
      if (zoomed) {
        plot.redraw();
      }
    },

    show(group, shown) {
      plot.batch(() => lines.forEach((line, i) => {
        if (line.group === group) {
          plot.setSeries(i + 1, { show: shown });
        }
      }));
    },

    dispose() {
      fit.disconnect();
      scheme.disconnect();
      plot.destroy();
    },
  };
}
