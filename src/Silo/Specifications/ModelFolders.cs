using System.Globalization;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Specifications;

/// <summary>Model folders that studies start from: what they decide of a study, and their weights.</summary>
internal static class ModelFolders
{
    /// <summary>The model with all that its folder decides, and the hash of the folder's files; one without a folder as it is.</summary>
    /// <param name="model">The model.</param>
    /// <param name="hash">Whether the files are hashed, which reads them whole.</param>
    /// <exception cref="LabException">The folder cannot be used, or is not the one that the model names.</exception>
    public static ModelSpecification Resolve(ModelSpecification model, bool hash = true)
    {
        if (model.From is not { } path)
        {
            return model;
        }

        var folder = Open(model);
        var description = folder.Model;
        if (model.SequenceLength > description.MaximumSequenceLength)
        {
            throw new LabException($"model.sequenceLength: {model.SequenceLength} is more than the {description.MaximumSequenceLength} that the model in '{path}' was made for.");
        }

        return model with
        {
            From = Path.GetFullPath(path),
            FromSha256 = hash ? Fingerprint(folder, model) : model.FromSha256,
            MomentSteps = model.Moments ? folder.MomentSteps!.Value : 0,
            VocabularySize = description.VocabularySize,
            HiddenSize = description.HiddenSize,
            Layers = description.Layers,
            Heads = description.Heads,
            FeedForwardSize = description.FeedForwardSize,
            Norm = description.Norm == NormKind.Rms ? "rms" : "layer",
            NormEpsilon = InDecimals(description.NormEpsilon),
            RotaryBase = InDecimals(description.RotaryBase),
            TiedEmbeddings = description.TiedEmbeddings,
        };
    }

    /// <summary>The tokenizer of the model's folder.</summary>
    /// <exception cref="LabException">The folder cannot be used.</exception>
    public static BytePairTokenizer LoadTokenizer(ModelSpecification model)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(model.From!, HuggingFaceFolder.TokenizerName));
            return BytePairTokenizer.Load(file);
        }
        catch (CorpusFormatException failure)
        {
            throw new LabException($"model.from: '{model.From}': {failure.Message}");
        }
    }

    /// <summary>Hashes of the folder's files, by name, for the study's records; null without a folder.</summary>
    /// <exception cref="LabException">The folder cannot be used, or its files are not those that the model names.</exception>
    public static IReadOnlyDictionary<string, string>? HashFiles(ModelSpecification model)
    {
        if (model.From is null)
        {
            return null;
        }

        var files = Open(model).HashFiles(model.Moments);
        Check(model, HuggingFaceFolder.Fingerprint(files));
        return files;
    }

    /// <summary>What a run of the model starts from; null for the seed's weights.</summary>
    public static TrainingStart? ToStart(ModelSpecification model) => model is not { From: not null, FromSha256: { } sha256 }
        ? null
        : new TrainingStart(
            sha256,
            target =>
            {
                var folder = Open(model);
                Fingerprint(folder, model);
                folder.LoadWeights(target);
                if (model.Moments)
                {
                    folder.LoadMoments(target);
                }
            },
            model.MomentSteps);

    private static HuggingFaceFolder Open(ModelSpecification model)
    {
        HuggingFaceFolder folder;
        BytePairTokenizer tokenizer;
        try
        {
            folder = HuggingFaceFolder.Open(model.From!);
            if (!folder.HasTokenizer)
            {
                throw new LabException($"model.from: there is no {HuggingFaceFolder.TokenizerName} in '{model.From}'.");
            }

            tokenizer = LoadTokenizer(model);
        }
        catch (Exception failure) when (failure is HuggingFaceException or SafetensorsException)
        {
            throw new LabException($"model.from: {failure.Message}");
        }

        if (tokenizer.VocabularySize > folder.Model.VocabularySize)
        {
            throw new LabException(
                $"model.from: the tokenizer in '{model.From}' has {tokenizer.VocabularySize} tokens, more than the {folder.Model.VocabularySize} rows of the model's embedding.");
        }

        return !model.Moments || folder.MomentSteps is not null
            ? folder
            : throw new LabException($"model.moments: there is no {HuggingFaceFolder.OptimizerName} in '{model.From}'.");
    }

    /// <summary>The shortest decimal number that is that value in single precision: what a person would have written.</summary>
    private static double InDecimals(float value) => double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Fingerprint(HuggingFaceFolder folder, ModelSpecification model)
    {
        var found = HuggingFaceFolder.Fingerprint(folder.HashFiles(model.Moments));
        Check(model, found);
        return found;
    }

    private static void Check(ModelSpecification model, string found)
    {
        if (model.FromSha256 is { } expected && !expected.Equals(found, StringComparison.OrdinalIgnoreCase))
        {
            throw new LabException($"model.from: the files in '{model.From}' have the SHA-256 {found} together; expected {expected}.");
        }
    }
}
