using Bunit;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Tests.Controls;

public sealed class LineChartTests : PageTest
{
    private const int Pixels = 100;

    private readonly BunitJSModuleInterop _chart;
    private readonly Curve _curve = new("loss", "loss", "--arm-0");

    public LineChartTests()
    {
        _chart = JSInterop.SetupModule("./_content/SlungOrleans.Dashboard/js/line-chart.js").SetupModule("create", _ => true);
        _chart.Setup<int>("width").SetResult(Pixels);
        foreach (var call in new[] { "replace", "append", "dispose", "show" })
        {
            _chart.SetupVoid(call, _ => true).SetVoidResult();
        }

        Add(50_000);
    }

    [Fact]
    public void Render_LongCurve_SendsNoMoreThanThePictureShows()
    {
        var chart = RenderChart();
        chart.WaitForAssertion(() => Assert.Single(_chart.Invocations["replace"]));

        var part = ((CurvePart[])_chart.Invocations["replace"][0].Arguments[0]!).Single();
        Assert.InRange(part.Steps.Length, Pixels, 4 * (Pixels + 1));
        Assert.Equal(_curve.Values.Max(), part.Values.Max());
        Assert.Equal(101, chart.Instance.ReadRange(1000, 1098, Pixels).Single().Steps.Length);
    }

    [Fact]
    public void Render_NewPoints_AreSentOnceASecondAndThinnedAgainWhenTheyAreMany()
    {
        var chart = RenderChart();
        chart.WaitForAssertion(() => Assert.Single(_chart.Invocations["replace"]));

        Add(1);
        chart.Render();
        Add(1);
        chart.Render();
        Assert.Empty(_chart.Invocations["append"]);
        Time.Advance(TimeSpan.FromSeconds(1));
        chart.Render();
        Assert.Equal([50_001, 50_002], ((CurvePart[])_chart.Invocations["append"].Single().Arguments[0]!).Single().Steps);

        Add(1000);
        Time.Advance(TimeSpan.FromSeconds(1));
        chart.Render();
        Assert.Single(_chart.Invocations["append"]);
        Assert.Equal(2, _chart.Invocations["replace"].Count);
    }

    [Fact]
    public async Task Dispose_Chart_TakesTheBrowsersPartWithIt()
    {
        var chart = RenderChart();
        chart.WaitForAssertion(() => Assert.Single(_chart.Invocations["replace"]));

        await chart.Instance.DisposeAsync();

        Assert.Single(_chart.Invocations["dispose"]);
    }

    private void Add(int points)
    {
        for (var i = 0; i < points; i++)
        {
            _curve.Add(_curve.Steps.Count + 1, Math.Sin(_curve.Steps.Count * 12.9898));
        }
    }

    private IRenderedComponent<LineChart> RenderChart() => Render<LineChart>(it => it.Add(chart => chart.Title, "Loss").Add(chart => chart.Curves, [_curve]));
}
