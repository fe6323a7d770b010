using System.Text;

namespace SlungOrleans.Corpora.Tests.Packing;

public sealed class SequencePackerTests
{
    [Fact]
    public void Add_TwoDocuments_EndOfTextBehindEachAndRemainderCarriedOver()
    {
        var packer = new SequencePacker(ByteTokenizer.Instance, 3);
        packer.Add([15, 16, 17], [1, 3, 2]);
        packer.Add([18, 19], [3, 3]);
        Assert.Equal((2, 7), (packer.Sequences, packer.Tokens));

        var dataset = packer.Build();
        Assert.Equal([(15, 1), (16, 3), (17, 2), (0, 1), (18, 3), (19, 3)], Flat(dataset));
        Assert.Equal(2, dataset.Count);
        Assert.Equal(new LabelCounts(0, 2, 1, 3), dataset.Manifest.Labels);
    }

    [Fact]
    public void Add_EndOfTextLabelGiven_IsWritten()
    {
        var packer = new SequencePacker(ByteTokenizer.Instance, 1, RiskLabel.EndOfText);
        packer.Add([15], [1]);
        Assert.Equal([(15, 1), (0, 0)], Flat(packer.Build()));
    }

    [Fact]
    public void Build_RandomDocuments_HoldsEveryTokenInOrderButTheLastFew()
    {
        var random = new Random(8);
        for (var i = 0; i < 50; i++)
        {
            var length = random.Next(1, 40);
            var packer = new SequencePacker(ByteTokenizer.Instance, length);
            var expected = new List<(int, int)>();
            for (var document = random.Next(30); document > 0; document--)
            {
                var tokens = Enumerable.Range(0, random.Next(1, 100)).Select(_ => random.Next(258)).ToArray();
                var labels = tokens.Select(_ => (byte)random.Next(1, 4)).ToArray();
                packer.Add(tokens, labels);
                expected.AddRange(tokens.Zip(labels, (token, label) => (token, (int)label)));
                expected.Add((0, 1));
            }

            var dataset = packer.Build();
            Assert.Equal(expected.Count / length, dataset.Count);
            Assert.Equal(expected.Take(dataset.Count * length), Flat(dataset));
            Assert.Equal(expected.Take(Math.Min(2, dataset.Count) * length), Flat(packer.Build(atMost: 2)));
        }
    }

    [Fact]
    public void Build_VocabularyAbove65536_IdsHaveFourBytes()
    {
        // Its vocabulary has no more tokens, but an id above what two bytes hold.
        using var saved = new MemoryStream();
        ByteTokenizer.Instance.Save(saved);
        var json = Encoding.UTF8.GetString(saved.ToArray()).Replace(
            "\"added_tokens\": [",
            "\"added_tokens\": [" + """{"id":70000,"content":"|zug|","single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":false},""",
            StringComparison.Ordinal);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var tokenizer = BytePairTokenizer.Load(stream);
        var ids = new List<int>();
        tokenizer.Encode("!|zug|!", ids);

        var packer = new SequencePacker(tokenizer, 4);
        packer.Add([.. ids], [1, 2, 3]);
        Assert.Equal([(2, 1), (70000, 2), (2, 3), (0, 1)], Flat(packer.Build()));
        Assert.Equal(TokenWidth.UInt32, packer.Build().Manifest.TokenWidth);
        Assert.Equal(TokenWidth.UInt16, PackedForm.For(ByteTokenizer.Instance, 4).TokenWidth);
    }

    [Fact]
    public void Add_LabelsOfAnotherLength_Throws() =>
        Assert.Throws<ArgumentException>(() => new SequencePacker(ByteTokenizer.Instance, 4).Add([1, 2], [1]));

    internal static List<(int Token, int Label)> Flat(PackedDataset dataset)
    {
        var flat = new List<(int, int)>();
        var (tokens, labels) = (new int[dataset.SequenceLength], new byte[dataset.SequenceLength]);
        for (var i = 0; i < dataset.Count; i++)
        {
            dataset.Read(i, tokens, labels);
            flat.AddRange(tokens.Zip(labels, (token, label) => (token, (int)label)));
        }

        return flat;
    }
}
