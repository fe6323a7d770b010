namespace SlungOrleans.Training.Tests.Managed;

/// <summary>Ten steps with clipping and AdamW against those of PyTorch in double precision, as <c>PyTorch/ten_steps.py</c> left them.</summary>
public sealed class TenStepsTests
{
    private const int Steps = 10;
    private const int Sequences = 3;
    private const int Length = 12;
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "Managed", "PyTorch", "ten-steps.safetensors");

    [Theory]
    [InlineData("full", NormKind.Rms, false)]
    [InlineData("masked", NormKind.Rms, false)]
    [InlineData("unlikelihood", NormKind.NonParametricLayerNorm, true)]
    public void Update_TenTimesWithClipping_ComesToPyTorchsWeights(string arm, NormKind norm, bool tied)
    {
        using FileStream file = System.IO.File.OpenRead(File);
        var reader = new SafetensorsReader(file, File);
        ModelDescription description = Samples.Description(
            vocabulary: 40, hidden: 16, layers: 2, heads: 2, feedForward: 24, longest: Length, norm: norm, tied: tied);
        LossRouting routing = arm switch
        {
            "full" => LossRouting.CrossEntropyEverywhere,
            "masked" => LossRouting.Masked(),
            _ => LossRouting.UnlikelihoodOnHighRisk(),
        };
        using ITrainableModel model = new ManagedEngine().Create(description, threads: 2);
        foreach (ParameterDescription parameter in model.Parameters)
        {
            model.Write(parameter.Name, TensorKind.Weight, Values(reader, $"{arm}/initial/{parameter.Name}"));
        }

        int[] tokens = Array.ConvertAll(Values(reader, "tokens"), value => (int)value);
        byte[] labels = Array.ConvertAll(Values(reader, "labels"), value => (byte)value);
        float[] losses = Values(reader, $"{arm}/losses"), norms = Values(reader, $"{arm}/norms");
        for (int step = 1; step <= Steps; step++)
        {
            Range batch = ((step - 1) * Sequences * Length)..(step * Sequences * Length);
            double loss = model.ComputeGradients(new TokenBatch(Sequences, Length, tokens[batch], labels[batch]), routing).Total;
            Assert.Equal(losses[step - 1], loss, 2e-5 * losses[step - 1]);
            Assert.Equal(norms[step - 1], model.ClipGradients(0.5), 1e-4 * norms[step - 1]);
            model.Update(new AdamWSettings(), learningRate: 0.01, step);
        }

        Assert.Equal(reader.Tensors.Count(tensor => tensor.Name.StartsWith($"{arm}/final/", StringComparison.Ordinal)), model.Parameters.Count);
        foreach (ParameterDescription parameter in model.Parameters)
        {
            float[] expected = Values(reader, $"{arm}/final/{parameter.Name}"), actual = model.Read(parameter.Name, TensorKind.Weight);
            double error = Math.Sqrt(expected.Zip(actual, (e, a) => ((double)e - a) * (e - a)).Sum() / expected.Sum(e => (double)e * e));
            Assert.True(error < 1e-5, $"{parameter.Name} is {error:E1} (relative) from PyTorch's after ten steps.");
        }
    }

    private static float[] Values(SafetensorsReader reader, string name)
    {
        SafetensorsTensor tensor = reader.Tensors.Single(candidate => candidate.Name == name);
        float[] values = new float[tensor.Length];
        reader.Read(tensor, values);
        return values;
    }
}
