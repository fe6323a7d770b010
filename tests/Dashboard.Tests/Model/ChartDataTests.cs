using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Tests.Model;

public sealed class ChartDataTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("=\"a\",b", "\"'=\"\"a\"\",b\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("plain", "plain")]
    public void Csv_Text_IsQuotedAndNeverAFormula(string text, string expected)
    {
        var csv = new CsvTable("a");
        csv.Text(text).EndRow();

        Assert.Equal($"\uFEFFa\r\n{expected}\r\n", csv.ToString());
    }

    [Fact]
    public void Csv_Numbers_HaveEveryDigitAndGapsAreEmpty()
    {
        var csv = new CsvTable("a", "b", "c", "d");
        csv.Number(-0.1).Number(double.NaN).Number(1.0 / 3).Number(null).EndRow();

        Assert.Equal("\uFEFFa,b,c,d\r\n-0.1,,0.3333333333333333,\r\n", csv.ToString());
    }

    [Fact]
    public void Debiased_Values_AreTheWeightedMeanOfThePast()
    {
        double[] values = [5, 1, double.NaN, 4, 2];

        var smooth = Smoothing.Debiased(values, 0.6);

        // By definition: weights 0.6^age, divided by their sum.
        double[] past = [5, 1, 4, 2];
        for (var i = 0; i < past.Length; i++)
        {
            var weights = Enumerable.Range(0, i + 1).Select(k => Math.Pow(0.6, i - k)).ToArray();
            Assert.Equal(past.Take(i + 1).Zip(weights, (value, weight) => value * weight).Sum() / weights.Sum(), smooth[i < 2 ? i : i + 1], 12);
        }

        Assert.True(double.IsNaN(smooth[2]));
        Assert.Equal(values, Smoothing.Debiased(values, 0));
    }

    [Fact]
    public void Bands_EveryKind_AgreesWithItsDefinition()
    {
        double[] values = [2.1, 2.5, 1.9];
        var interval = MeanInterval.Of(values);
        var error = interval.StandardDeviation / Math.Sqrt(3);

        Same((interval.Mean, interval.Low, interval.High), Of(BandKind.Interval));
        Same((interval.Mean, interval.Mean - interval.StandardDeviation, interval.Mean + interval.StandardDeviation), Of(BandKind.Deviation));
        Same((interval.Mean, interval.Mean - error, interval.Mean + error), Of(BandKind.Error));
        Same((interval.Mean, 1.9, 2.5), Of(BandKind.Range));

        (double, double, double) Of(BandKind kind) => Bands.Of(values, kind, Bands.Factors(kind, 3));
        static void Same((double, double, double) expected, (double, double, double) actual) =>
            Assert.All(new[] { expected.Item1 - actual.Item1, expected.Item2 - actual.Item2, expected.Item3 - actual.Item3 }, difference => Assert.Equal(0, difference, 9));
    }

    [Fact]
    public void SeedMeans_SeedsOfDifferentLengths_MeanOverThoseThatHaveTheStep()
    {
        var curve = new Curve("masked", "masked", "--arm-2", banded: true);

        SeedMeans.Fill(curve, [([1, 2, 3], [4.0, 2.0, 1.0]), ([1, 2], [6.0, double.NaN]), ([2, 4], [8.0, 7.0])], BandKind.Range);

        Assert.Equal([1, 2, 3, 4], curve.Steps);
        Assert.Equal([5.0, 5.0, 1.0, 7.0], curve.Values);
        Assert.Equal([4.0, 2.0, double.NaN, double.NaN], curve.Low);
        Assert.Equal([6.0, 8.0, double.NaN, double.NaN], curve.High);
    }

    [Fact]
    public void ItemRows_TwoArms_AreSortedByTheDifferenceOfMeansOverSeeds()
    {
        var rows = ItemRow.Of(
            [
                ([Item("a", 0, true, 2), Item("a", 1, true, -2), Item("b", 0, false, -1), Item("c", 0, true, 0)], [Item("a", 0, true, -3), Item("b", 0, false, 3), Item("other", 0, true, 1)]),
                ([Item("a", 0, true, 4)], [Item("a", 0, true, -4)]),
            ],
            "set");

        // By hand: the probability of the own label, of a: (1/2 + sigma(4)) / 2 and (sigma(-3) + sigma(-4)) / 2; of b, benign: sigma(1) and sigma(-3).
        Assert.Equal(["a", "b"], rows.Select(row => row.Id));
        Assert.Equal((0.5 + Sigma(4)) / 2, rows[0].Left, 12);
        Assert.Equal((Sigma(-3) + Sigma(-4)) / 2, rows[0].Right, 12);
        Assert.Equal((Sigma(1), Sigma(-3)), (rows[1].Left, rows[1].Right));
        Assert.Equal((2, 2, 1), (rows[0].Seeds, rows[0].SameSign, rows[1].Seeds));
        Assert.True(rows[0].OnlyLeft && rows[1].OnlyLeft && !rows[0].Both);
        static RecognitionItem Item(string id, int resample, bool highRisk, double score) => new(id, "set", resample, highRisk, score);
        static double Sigma(double x) => 1 / (1 + Math.Exp(-x));
    }

    [Fact]
    public void Honesty_RunsOnDevicesOfSeveralKinds_CountsThem()
    {
        Assert.Equal("", Honesty.OfDevices([On("cpu"), On("cpu"), On()]));
        Assert.StartsWith(
            "Runs were trained on devices of several kinds (2 runs on cpu, 1 run on cuda), which agree to rounding only",
            Honesty.OfDevices([On("cpu"), On("cpu", "cuda")]),
            StringComparison.Ordinal);
        static RunSummary On(params string[] kinds) => new() { DeviceKinds = [.. kinds] };
    }

    [Fact]
    public void Honesty_FewSeedsOrRunsMissing_SaysWhat()
    {
        Assert.Contains("nothing can be said of chance", Honesty.OfSeeds(1), StringComparison.Ordinal);
        Assert.Contains("Two seeds", Honesty.OfSeeds(2), StringComparison.Ordinal);
        Assert.Equal("", Honesty.OfSeeds(3));
        var study = new StudyView
        {
            Stage = StudyStage.Running,
            Runs = [Run("s-a", WorkState.Completed, 4), Run("s-b", WorkState.Completed, 2), Run("s-c", WorkState.Running, 0)],
        };
        Assert.Contains("Of 3 runs, 1 not trained to the end and 1 without all scores: s-c, s-b.", Honesty.OfIncomplete(study), StringComparison.Ordinal);
        static RunSummary Run(string id, WorkState state, int done) => new() { Id = id, State = state, Evaluations = 4, EvaluationsDone = done };
    }

    [Fact]
    public void ArmColours_InFiles_AreTheStyleSheets()
    {
        var css = File.ReadAllText(StyleSheet());

        Assert.All(ArmColours.Light.Select((colour, arm) => $"--arm-{arm}: {colour};"), line => Assert.Contains(line, css, StringComparison.Ordinal));
        Assert.Equal(3, ArmColours.IndexOf(ArmColours.Variable(3)));
    }

    private static string StyleSheet()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SlungOrleans.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "src", "Dashboard", "wwwroot", "css", "dashboard.css");
    }
}
