import uPlot from '../lib/uplot/uPlot.esm.js';

const fewestPixels = 120;
const smallestZoom = 5;
const bandOpacity = '2e';

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
function tooltip(lines, columns, lineOf) {
  const box = document.createElement('div');
  box.className = 'plot-tip';
  let nearest = null;

  function row(plot, line, index) {
    const column = columns[line];
    const value = plot.data[column][index];
    if (value == null || !plot.series[column].show) {
      return;
    }

    const text = document.createElement('div');
    const swatch = document.createElement('i');
    swatch.style.background = colour(lines[line].colour);
    const low = lines[line].banded ? plot.data[column + 1][index] : null;
    const high = lines[line].banded ? plot.data[column + 2][index] : null;
    text.append(swatch, `${lines[line].label}  ${figure(value)}${low == null || high == null ? '' : `  (${figure(low)} to ${figure(high)})`}`);
    box.append(text);
  }

  return {
    hooks: {
      init: plot => plot.over.append(box),
      setSeries: (_, column) => { nearest = column == null ? null : lineOf[column]; },
      setCursor: plot => {
        const { idx, left, top } = plot.cursor;
        box.replaceChildren();
        if (idx != null && left >= 0) {
          (lines.length <= 5 ? lines.map((_, line) => line) : nearest == null ? [] : [nearest]).forEach(line => row(plot, line, idx));
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

/** Columns of uPlot's data: a line's values, then the low and high edges of its band, if it has one. */
function columnsOf(lines) {
  const columns = [];
  const lineOf = [null];
  const series = [{}];
  const bands = [];
  lines.forEach((line, index) => {
    const column = series.length;
    columns.push(column);
    series.push({
      label: line.label,
      stroke: () => colour(line.colour),
      width: line.thin ? 1 : lines.length > 6 ? 1.25 : 1.75,
      alpha: line.thin ? 0.45 : 1,
      dash: line.dashed ? [6, 4] : undefined,
      spanGaps: true,
      points: { show: false },
    });
    lineOf.push(index);
    if (line.banded) {
      const edge = { stroke: () => 'transparent', width: 0, spanGaps: true, points: { show: false } };
      series.push({ ...edge }, { ...edge });
      lineOf.push(index, index);
      bands.push({ series: [column + 2, column + 1], fill: () => `${colour(line.colour)}${bandOpacity}` });
    }
  });
  return { columns, lineOf, series, bands };
}

const tableOf = (lines, part) => lines[part.line].banded ? [part.steps, part.values, part.low, part.high] : [part.steps, part.values];

/**
 * A chart in `element`. `lines` have a label, a group, a colour (name of a style variable), and may be dashed, thin or banded. The server sends
 * as many points as the picture has room for; where the reader zooms in, `owner` is asked for the points of that range.
 */
export function create(element, lines, owner) {
  if (!element) {
    // The page went on without this chart while its script was fetched.
    return { width: () => 0, replace() {}, append() {}, show() {}, dispose() {} };
  }

  const { columns, lineOf, series, bands } = columnsOf(lines);
  const whole = lines.map((line, index) => tableOf(lines, { line: index, steps: [], values: [], low: [], high: [] }));
  const size = () => ({ width: Math.max(element.clientWidth, fewestPixels), height: element.clientHeight });
  const joined = tables => tables.length > 1 ? uPlot.join(tables) : tables[0];
  let zoom = null;

  function showWhole() {
    zoom = null;
    plot.setData(joined(whole), true);
  }

  async function zoomTo(min, max) {
    const asked = zoom = { min, max };
    plot.setScale('x', asked);
    const parts = await owner.invokeMethodAsync('ReadRange', min, max, element.clientWidth);
    if (zoom === asked) {
      const tables = whole.map(table => table.map(() => []));
      parts.forEach(part => { tables[part.line] = tableOf(lines, part); });
      plot.setData(joined(tables), false);
      plot.setScale('x', asked);
      element.dataset.zoomed = String(plot.data[0].length);
    }
  }

  const plot = new uPlot(
    {
      ...size(),
      padding: [10, 18, 0, 0],
      legend: { show: false },
      cursor: {
        focus: { prox: lines.length > 5 ? 24 : -1 },
        points: { size: 6 },
        drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => () => showWhole() },
      },
      focus: { alpha: 0.25 },
      scales: { x: { time: false } },
      axes: [axis({ size: 30, values: (_, ticks) => ticks.map(tick => Number.isInteger(tick) ? tick.toLocaleString('en') : '') }), axis({ size: 54, values: (_, ticks) => ticks.map(figure) })],
      series,
      bands,
      plugins: [tooltip(lines, columns, lineOf)],
      hooks: {
        setSelect: [chart => {
          const { left, width } = chart.select;
          if (width >= smallestZoom) {
            chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            zoomTo(chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x'));
          }
        }],
      },
    },
    joined(whole),
    element);

  const fit = new ResizeObserver(() => plot.setSize(size()));
  fit.observe(element);
  const scheme = new MutationObserver(() => plot.redraw(false, true));
  scheme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-scheme'] });

  function drawn() {
    element.dataset.points = String(whole.reduce((sum, table) => sum + table[0].length, 0));
    if (zoom === null) {
      showWhole();
    }
  }

  return {
    width: () => element.clientWidth,

    replace(parts) {
      parts.forEach(part => { whole[part.line] = tableOf(lines, part); });
      drawn();
      if (zoom !== null) {
        zoomTo(zoom.min, zoom.max);
      }
    },

    append(parts) {
      for (const part of parts) {
        tableOf(lines, part).forEach((news, column) => whole[part.line][column].push(...news));
      }

      drawn();
    },

    show(group, shown) {
      plot.batch(() => lines.forEach((line, index) => {
        if (line.group === group) {
          for (let column = columns[index]; column <= columns[index] + (line.banded ? 2 : 0); column++) {
            plot.setSeries(column, { show: shown });
          }
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
