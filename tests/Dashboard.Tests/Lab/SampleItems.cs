using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <summary>What suites measured on items, in an invented language: comment 3 is recognised by masked alone, comment 7 by low-risk alone.</summary>
internal static class SampleItems
{
    public const string OnlyMasked = "doc-00003";
    public const string OnlyLowRisk = "doc-00007";
    public const string Markup = "<script>alert('vorpag')</script>";

    public static string Recognition(string arm, int seed) => Write("recognition", from document in Enumerable.Range(0, 40)
                                                                                     from resample in Enumerable.Range(0, 2)
                                                                                     select ItemOf($"doc-{document:D5}", document % 4 is 0 or 3, arm, seed, resample));

    public static string Generation(string arm, int seed) => Write("generation", from prompt in Enumerable.Range(0, 6)
                                                                                  from number in Enumerable.Range(0, 3)
                                                                                  select new GenerationItem(
                                                                                      $"prompt-{prompt}",
                                                                                      prompt % 2 == 0 ? "risky" : "neutral",
                                                                                      number,
                                                                                      $"Melo tarin besuko {prompt}",
                                                                                      number == 0 ? $" {Markup} by {arm}" : $" wan dori, pelam nesa {seed}.",
                                                                                      number == 2 ? null : arm == "full" ? 0.9 : 0.1,
                                                                                      0.2));

    private static RecognitionItem ItemOf(string id, bool highRisk, string arm, int seed, int resample)
    {
        var right = id switch
        {
            OnlyMasked => arm != "low-risk",
            OnlyLowRisk => arm == "low-risk",
            _ => true,
        };
        var margin = (right ? 1 : -1) * (1 + (0.1 * seed) + (0.01 * resample));
        return new RecognitionItem(id, "invented-forum", resample, highRisk, highRisk ? margin : -margin);
    }

    private static string Write(string suite, IEnumerable<SuiteItem> items) => SuiteJson.Write(new SuiteResult
    {
        Suite = suite,
        Metrics = ImmutableSortedDictionary<string, double>.Empty,
        Items = [.. items],
    });
}
