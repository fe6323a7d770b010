namespace SlungOrleans.Corpora.Tests.Packing;

/// <summary>A tokenizer that has learnt nothing: one token per byte, so that labels can be counted by hand.</summary>
internal static class ByteTokenizer
{
    internal static BytePairTokenizer Instance { get; } = BytePairTokenizer.Train([], BytePairTokenizer.SmallestVocabulary);
}
