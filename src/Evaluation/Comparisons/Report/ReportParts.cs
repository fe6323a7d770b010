using System.Collections.Immutable;

namespace SlungOrleans.Evaluation;

/// <summary>What a report shows besides the comparison itself. Everything in it but <see cref="ReportPicture.Svg"/> is text and is encoded where it is written.</summary>
public sealed record ReportParts
{
    /// <summary>What the study is for, in its own words; empty for nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>More pictures, in order.</summary>
    public ImmutableArray<ReportPicture> Pictures { get; init; } = [];

    /// <summary>What the models wrote, prompt by prompt: blurred until asked for.</summary>
    public ImmutableArray<ReportPrompt> Prompts { get; init; } = [];

    /// <summary>How it was made: for example the audit of the matched arms and the lineage, in order.</summary>
    public ImmutableArray<ReportTable> Tables { get; init; } = [];
}

/// <summary>A picture of the report.</summary>
/// <param name="Caption">Its caption.</param>
/// <param name="Svg">An <c>svg</c> element of <see cref="ComparisonPicture"/> or <see cref="LinePicture"/>: written as it is.</param>
/// <param name="Table">The same as a table.</param>
public sealed record ReportPicture(string Caption, string Svg, ReportTable Table);

/// <summary>A prompt with what the models wrote after it.</summary>
/// <param name="Id">The prompt's id.</param>
/// <param name="Text">The prompt.</param>
/// <param name="Answers">What they wrote.</param>
public sealed record ReportPrompt(string Id, string Text, ImmutableArray<ReportAnswer> Answers);

/// <summary>What a model wrote.</summary>
/// <param name="Arm">Its arm.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Text">What it wrote.</param>
/// <param name="Score">Its toxicity, 0 to 1; null if it could not be scored.</param>
public sealed record ReportAnswer(string Arm, int Seed, string Text, double? Score);
