/* What a report can do beyond standing still: charts that answer when one points at them, tables
 * that fold, documents that can be saved. All that is said is said without it too.
 *
 * proctor has made all decisions: a data block holds places between 0 and 1 on both axes, labels,
 * and what a point says. */
"use strict";

(function () {
  /* The shapes of results/page/html.c that Chart.js has, or their nearest. */
  const shapes = ["circle", "rect", "triangle", "rectRot", "triangle", "cross", "star", "crossRot",
    "rectRounded"];
  const turns = [0, 0, 0, 0, 180, 0, 0, 0, 0];
  const charts = [];

  function colourOf(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  /* "--s6" is another variable: only an element's style has its value. */
  function colourOfSeries(style) {
    const probe = document.createElement("span");
    probe.style.color = "var(--s" + style + ")";
    document.body.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  }

  function faded(colour) {
    return colour.replace("rgb(", "rgba(").replace(")", ", 0.16)");
  }

  function pointsOf(series, place) {
    return series.points.map((point) => ({ x: point[0], y: point[place], says: point[4] }));
  }

  function lineOf(series) {
    const colour = colourOfSeries(series.style);
    return {
      label: series.name,
      data: pointsOf(series, 1),
      borderColor: colour,
      backgroundColor: colour,
      borderDash: series.dashed ? [6, 4] : [],
      borderWidth: 2,
      clip: 10,
      pointStyle: shapes[series.style],
      rotation: turns[series.style],
      pointRadius: series.points.length > 12 ? 2.5 : 5,
      pointHoverRadius: 7,
    };
  }

  /* The lower edge of a band is filled up to the data set before it, the upper one. */
  function bandOf(series) {
    const edge = { pointRadius: 0, borderWidth: 0, isBand: true, label: series.name };
    const colour = faded(colourOfSeries(series.style));
    return [
      { ...edge, data: pointsOf(series, 3), fill: false },
      { ...edge, data: pointsOf(series, 2), fill: "-1", backgroundColor: colour },
    ];
  }

  function datasetsOf(data) {
    const banded = data.series.filter((series) => series.points.some((point) => point[2] !== null));
    return [...data.series.map(lineOf), ...banded.flatMap(bandOf)];
  }

  function axisOf(axis) {
    const labels = new Map(axis.ticks);
    const ink = colourOf("--faint");
    return {
      type: "linear",
      min: 0,
      max: 1,
      title: { display: true, text: axis.title, color: ink },
      grid: { color: colourOf("--rule") },
      ticks: { color: ink, maxRotation: 0, callback: (value) => labels.get(value) },
      afterBuildTicks: (scale) => {
        scale.ticks = axis.ticks.map(([value]) => ({ value }));
      },
    };
  }

  function optionsOf(data) {
    return {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "nearest", intersect: false },
      scales: { x: axisOf(data.x), y: axisOf(data.y) },
      plugins: {
        legend: { display: false },
        tooltip: {
          filter: (item) => !item.dataset.isBand,
          callbacks: {
            title: () => "",
            label: (item) => item.dataset.label + ": " + item.raw.says,
          },
        },
      },
    };
  }

  function draw(block) {
    const box = document.getElementById(block.id.replace(/-data$/, ""));
    const data = JSON.parse(block.textContent);
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    box.append(canvas);
    box.classList.add("live");
    const chart = new Chart(canvas, {
      type: "line",
      data: { datasets: datasetsOf(data) },
      options: optionsOf(data),
    });
    charts.push({ chart, data });
  }

  /* Colours are read again where the reader goes from light to dark. */
  function redraw() {
    for (const { chart, data } of charts) {
      chart.data.datasets = datasetsOf(data);
      chart.options = optionsOf(data);
      chart.update();
    }
  }

  function drawAll() {
    if (typeof Chart === "undefined") {
      return;
    }
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    document.querySelectorAll("script.chart-data").forEach(draw);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  }

  /* Tables of figures that have a picture fold away on a screen, and are there on paper. */
  function foldTables() {
    const tables = [...document.querySelectorAll("figure details.figures")].filter((table) =>
      table.closest("figure").querySelector(".chart, .forest, .order"));
    const fold = (isOpen) => tables.forEach((table) => {
      table.open = isOpen;
    });
    fold(false);
    window.addEventListener("beforeprint", () => fold(true));
    window.addEventListener("afterprint", () => fold(false));
  }

  function save(button) {
    const text = document.getElementById(button.dataset.document).textContent;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000); /* some begin to save later */
  }

  document.querySelectorAll("button[data-document]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => save(button));
  });
  foldTables();
  drawAll();
}());
