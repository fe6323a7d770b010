using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Everything that the page of one run draws.</summary>
internal sealed class RunPageCurves
{
    private readonly RunCurves _all;

    public RunPageCurves(long steps)
    {
        var total = new Curve("total", "total", "--arm-0");
        var crossEntropy = new Curve("cross-entropy", "cross-entropy", "--arm-2", dashed: true);
        var unlikelihood = new Curve("unlikelihood", "unlikelihood", "--arm-1");
        Loss = [total, crossEntropy, unlikelihood];
        LearningRate = [new Curve("learning rate", "learning rate", "--arm-3")];
        GradientNorm = [new Curve("gradient norm", "gradient norm", "--arm-4")];
        TokensPerSecond = [new Curve("tokens per second", "tokens per second", "--arm-5")];
        LossBearingShare = [new Curve("% of the tokens", "% of the tokens", "--arm-6")];
        Steps = steps;
        _all = new RunCurves(
            steps,
            (total, point => point.Loss),
            (crossEntropy, point => point.CrossEntropy),
            (unlikelihood, point => point.Unlikelihood),
            (LearningRate[0], point => point.LearningRate),
            (GradientNorm[0], point => point.GradientNorm),
            (TokensPerSecond[0], point => point.TokensPerSecond),
            (LossBearingShare[0], point => 100 * point.LossBearingShare));
    }

    public ImmutableArray<Curve> Loss { get; }

    public ImmutableArray<Curve> LearningRate { get; }

    public ImmutableArray<Curve> GradientNorm { get; }

    public ImmutableArray<Curve> TokensPerSecond { get; }

    public ImmutableArray<Curve> LossBearingShare { get; }

    /// <summary>Steps of the whole run.</summary>
    public long Steps { get; }

    public long StepsPerPoint => _all.StepsPerPoint;

    public long LastStep => _all.LastStep;

    public void Add(IEnumerable<MetricPoint> points) => _all.Add(points);
}
