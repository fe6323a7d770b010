using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Model;

public sealed class CurvesAndAuditTests
{
    [Fact]
    public void RunCurves_ShortRun_KeepsEveryStepAndSkipsWhatItHas()
    {
        var curve = new Curve("loss", "loss", "--arm-0");
        var run = new RunCurves(100, (curve, point => point.Loss));
        var points = Points(5);

        run.Add(points[..3]);
        run.Add(points);

        Assert.Equal([1, 2, 3, 4, 5], curve.Steps);
        Assert.Equal(points.Select(point => point.Loss), curve.Values);
        Assert.Equal(5, run.LastStep);
    }

    [Fact]
    public void RunCurves_LongRunInUnevenPortions_GivesMeansOfWholeGroups()
    {
        const int Steps = (4 * RunCurves.MostPoints) + 2;
        var curve = new Curve("loss", "loss", "--arm-0");
        var run = new RunCurves(Steps, (curve, point => point.Loss));
        var points = Points(Steps);

        for (var start = 0; start < Steps; start += 37)
        {
            run.Add(points.Skip(start).Take(37));
        }

        Assert.Equal(5, run.StepsPerPoint);
        Assert.True(curve.Steps.Count <= RunCurves.MostPoints);
        Assert.Equal(5, curve.Steps[0]);
        Assert.Equal(points.Take(5).Average(point => point.Loss), curve.Values[0], 12);
        Assert.Equal(Steps, curve.Steps[^1]);
        Assert.Equal(points.TakeLast(2).Average(point => point.Loss), curve.Values[^1], 12);
    }

    [Fact]
    public void RunCurves_FigureThatIsNoNumber_StaysAGap()
    {
        var curve = new Curve("unlikelihood", "unlikelihood", "--arm-1");
        var run = new RunCurves(10, (curve, point => point.Unlikelihood));

        run.Add(Points(2));

        Assert.All(curve.Values, value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void Audit_AnyColumns_AreShownInOrder()
    {
        var audit = Audit.Read("""{"rows":[{"arm":"full","lossBearingTokens":1234567,"share":0.05,"ok":true},{"arm":"masked","extra":null}],"faults":["Arms differ."]}""")!;

        Assert.Equal(["Arm", "Loss bearing tokens", "Share", "Ok", "Extra"], audit.Columns.Select(column => column.Title));
        Assert.Equal(["full", "1,234,567", "0.05", "yes", ""], audit.Rows[0].ToArray());
        Assert.Equal(["masked", "", "", "", ""], audit.Rows[1].ToArray());
        Assert.Equal([false, true, true, false, false], audit.Columns.Select(column => column.IsNumber));
        Assert.Equal(["Arms differ."], audit.Faults.ToArray());
    }

    [Fact]
    public void Audit_FiguresInAnObject_AreColumnsOfTheirOwn()
    {
        var audit = Audit.Read("""{"rows":[{"arm":"full","labels":{"benign":1200,"highRisk":34}}],"faults":[]}""")!;

        Assert.Equal(["Arm", "Benign", "High risk"], audit.Columns.Select(column => column.Title));
        Assert.Equal(["full", "1,200", "34"], audit.Rows[0].ToArray());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"rows":[1]}""")]
    public void Audit_OtherForm_IsAFault(string json) => Assert.StartsWith("The audit in the store cannot be read", Audit.Read(json)!.Faults.Single(), StringComparison.Ordinal);

    private static MetricPoint[] Points(int count) =>
        [.. Enumerable.Range(1, count).Select(step => SampleLab.Metric(step, new ArmSpecification { Name = "full" }, 1, 0.05))];
}
