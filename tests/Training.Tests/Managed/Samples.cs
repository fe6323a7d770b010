namespace SlungOrleans.Training.Tests.Managed;

/// <summary>Small models with weights that make attention and gates do something, and random batches.</summary>
internal static class Samples
{
    internal static ModelDescription Description(
        int vocabulary = 13, int hidden = 24, int layers = 2, int heads = 3, int feedForward = 20, int longest = 96, NormKind norm = NormKind.Rms, bool tied = false) =>
        new()
        {
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            Layers = layers,
            Heads = heads,
            FeedForwardSize = feedForward,
            MaximumSequenceLength = longest,
            Norm = norm,
            TiedEmbeddings = tied,
        };

    internal static ITrainableModel Model(ModelDescription description, int threads = 1, ulong seed = 1)
    {
        ITrainableModel model = new ManagedEngine().Create(description, threads);
        foreach (ParameterDescription parameter in model.Parameters)
        {
            var stream = new RandomStream(seed, parameter.Name, 0);
            double centre = parameter.Decays ? 0 : 1;
            model.Write(parameter.Name, TensorKind.Weight, [.. Enumerable.Range(0, (int)parameter.Length).Select(_ => (float)(centre + (0.3 * stream.NextGaussian())))]);
        }

        return model;
    }

    internal static float[] Read(this ITrainableModel model, string name, TensorKind kind)
    {
        float[] values = new float[model.Parameters.Single(parameter => parameter.Name == name).Length];
        model.Read(name, kind, values);
        return values;
    }

    /// <summary>All parameters one after the other.</summary>
    internal static float[] ReadAll(this ITrainableModel model, TensorKind kind) =>
        [.. model.Parameters.SelectMany(parameter => model.Read(parameter.Name, kind))];

    internal static ReferenceModel Reference(ITrainableModel model) => new(
        model.Description,
        model.Parameters.ToDictionary(parameter => parameter.Name, parameter => Array.ConvertAll(model.Read(parameter.Name, TensorKind.Weight), value => (double)value)));

    internal static int[] Tokens(int count, int vocabulary, ulong number = 0)
    {
        var stream = new RandomStream(2, "tokens", number);
        return [.. Enumerable.Range(0, count).Select(_ => stream.NextInt32(vocabulary))];
    }

    internal static TokenBatch Batch(ModelDescription description, int sequences, int length, ulong number = 0)
    {
        var stream = new RandomStream(3, "labels", number);
        byte[] labels = [.. Enumerable.Range(0, sequences * length).Select(_ => (byte)stream.NextInt32(LossRouting.Labels))];
        return new TokenBatch(sequences, length, Tokens(sequences * length, description.VocabularySize, number), labels);
    }
}
