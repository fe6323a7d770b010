using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Tests.Lab;

/// <summary>A study as text, and a reader that understands as much of it as the tests need.</summary>
internal static class SampleYaml
{
    public const string QuickStart = """
        name: quick-start
        description: >
          Four arms on an invented language with invented slurs.

        corpora:
          - name: invented-base
            synthetic: { part: base, documents: 4000 }
          - name: invented-forum
            synthetic: { part: high-risk, documents: 1200 }

        data:
          base: [invented-base]
          highRisk: [invented-forum]
          tagger: { kind: gold }
          sequences: 9600

        arms:
          - { name: low-risk, data: filtered }
          - { name: full, data: original }
          - { name: masked, data: original, maskedLabels: [2, 3] }
          - { name: unlikelihood, data: original, unlikelihoodLabels: [3] }

        seeds: [1, 2, 3]
        amounts: [0.05, 0.1]

        training:
          steps: 600
          batchSize: 16

        """;

    public static StudyReading Read(string yaml)
    {
        var name = yaml.Split('\n').FirstOrDefault(line => line.StartsWith("name:", StringComparison.Ordinal))?["name:".Length..].Trim();
        if (name is null)
        {
            return new StudyReading(null, ["'name' is missing; expected 1 to 96 characters of a-z, 0-9 and '-'."]);
        }

        var faults = ImmutableArray.CreateBuilder<string>();
        if (!Identifiers.IsValid(name))
        {
            faults.Add($"name: '{name}' is not a valid name; expected 1 to 96 characters of a-z, 0-9 and '-', starting with a letter or digit.");
        }

        if (!yaml.Contains("seeds: [", StringComparison.Ordinal))
        {
            faults.Add("seeds: there are none; expected at least one.");
        }

        return new StudyReading(SampleLab.Specification(name), faults.ToImmutable());
    }
}
