using BenchmarkDotNet.Attributes;
using SlungOrleans.Corpora;

namespace SlungOrleans.Benchmarks;

/// <summary>Byte-level BPE over pages of the synthetic forum: training the tokenizer, encoding.</summary>
public class Encoding
{
    private const int Pages = 2000;
    private readonly List<int> _tokens = [];
    private string[] _texts = [];
    private BytePairTokenizer _tokenizer = null!;

    [Params(512, 2048)]
    public int VocabularySize { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _texts = [.. new SyntheticCorpus(new SyntheticSettings { Documents = Pages }).Select(document => document.Text)];
        _tokenizer = BytePairTokenizer.Train(_texts, VocabularySize);
        Console.WriteLine($"{_texts.Sum(text => System.Text.Encoding.UTF8.GetByteCount(text)):N0} bytes per operation");
    }

    [Benchmark]
    public int Encode()
    {
        _tokens.Clear();
        foreach (var text in _texts)
        {
            _tokenizer.Encode(text, _tokens);
        }

        return _tokens.Count;
    }

    [Benchmark]
    public int Train() => BytePairTokenizer.Train(_texts, VocabularySize).VocabularySize;
}
