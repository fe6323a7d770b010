using SlungOrleans.Corpora;

namespace SlungOrleans.Evaluation;

/// <summary>Labelled documents that a probe is trained and tested on.</summary>
/// <param name="Name">The set's name, part of metric ids.</param>
/// <param name="Documents">Documents; those without a label are left out.</param>
public sealed record RecognitionSet(string Name, IReadOnlyList<Document> Documents);

/// <summary>How recognition is measured. The authors have 8,000, 2,000 and 3.</summary>
public sealed record RecognitionSettings
{
    /// <summary>Training documents per resample, half of each label; at least 2, an odd one is one too many.</summary>
    public int TrainingExamples { get; init; } = 200;

    /// <summary>Test documents per resample, half of each label; at least 2, an odd one is one too many.</summary>
    public int TestExamples { get; init; } = 1000;

    /// <summary>How often documents are drawn, a probe is trained and tested.</summary>
    public int Resamples { get; init; } = 3;

    /// <summary>Whether features are given mean 0 and standard deviation 1 (of the training documents) first; the authors do not.</summary>
    public bool Standardise { get; init; }

    /// <summary>C of the logistic regression.</summary>
    public double InverseRegularisation { get; init; } = 1;
}
