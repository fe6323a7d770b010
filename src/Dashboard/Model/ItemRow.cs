using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Model;

/// <summary>How surely two arms' probes give a comment the label that it has.</summary>
/// <param name="Id">The document's id.</param>
/// <param name="HighRisk">Its label.</param>
/// <param name="Left">Probability that the one arm's probes give to its label: mean over seeds of the mean over resamples.</param>
/// <param name="Right">The other arm's.</param>
/// <param name="Seeds">Seeds that have it in both arms.</param>
/// <param name="SameSign">Seeds whose difference has the mean difference's sign.</param>
internal sealed record ItemRow(string Id, bool HighRisk, double Left, double Right, int Seeds, int SameSign)
{
    /// <summary>A comment is recognised if its own label is the likelier one.</summary>
    private const double Recognised = 0.5;

    public double Difference => Left - Right;

    public bool OnlyLeft => Left > Recognised && !(Right > Recognised);

    public bool OnlyRight => Right > Recognised && !(Left > Recognised);

    public bool Both => Left > Recognised && Right > Recognised;

    /// <summary>Every comment of a set that both arms were asked about with the same seed, the largest difference first.</summary>
    /// <param name="seeds">The items of each arm, seed by seed.</param>
    /// <param name="set">The recognition set.</param>
    public static ImmutableArray<ItemRow> Of(IEnumerable<(ImmutableArray<SuiteItem> Left, ImmutableArray<SuiteItem> Right)> seeds, string set)
    {
        var differences = new Dictionary<(string Id, bool HighRisk), List<(double Left, double Right)>>();
        foreach (var (left, right) in seeds)
        {
            var others = ByDocument(right, set);
            foreach (var (document, probability) in ByDocument(left, set))
            {
                if (others.TryGetValue(document, out var other))
                {
                    if (!differences.TryGetValue(document, out var list))
                    {
                        differences[document] = list = [];
                    }

                    list.Add((probability, other));
                }
            }
        }

        return
        [
            .. differences
                .Select(pair => RowOf(pair.Key.Id, pair.Key.HighRisk, pair.Value))
                .OrderByDescending(row => row.Difference)
                .ThenBy(row => row.Id, StringComparer.Ordinal),
        ];
    }

    private static ItemRow RowOf(string id, bool highRisk, List<(double Left, double Right)> seeds)
    {
        var (left, right) = (seeds.Average(seed => seed.Left), seeds.Average(seed => seed.Right));
        var sign = Math.Sign(left - right);
        return new ItemRow(id, highRisk, left, right, seeds.Count, seeds.Count(seed => Math.Sign(seed.Left - seed.Right) == sign));
    }

    private static Dictionary<(string Id, bool HighRisk), double> ByDocument(ImmutableArray<SuiteItem> items, string set) => items
        .OfType<RecognitionItem>()
        .Where(item => item.Set == set)
        .GroupBy(item => (item.Id, item.HighRisk))
        .ToDictionary(document => document.Key, document => document.Average(item => Probability(item.HighRisk ? item.Score : -item.Score)));

    private static double Probability(double logOdds) => 1 / (1 + Math.Exp(-logOdds));
}
