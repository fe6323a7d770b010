#if USE_TORCHSHARP
using SlungOrleans.Training.Tests.Managed;
using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp.Tests;

/// <summary>Models of more than 64 Mi parameters are updated in slices.</summary>
public sealed class FlatAdamWTests
{
    [TorchTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Update_InSlices_IsThatOfTheWhole(bool decayEmbeddings)
    {
        Device device = TorchDevice.Open(TorchEngine.Device);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var settings = new AdamWSettings { DecayEmbeddings = decayEmbeddings };
        var layout = new FlatLayout(Samples.Description());
        using FlatTensors whole = New(), slices = New();
        double expected = Enumerable.Range(0, (int)layout.Length).Sum(i => Gradient(i) * Gradient(i));
        Assert.Equal(expected, FlatAdamW.SumOfSquares(whole), 1e-6 * expected);
        Assert.Equal(expected, FlatAdamW.SumOfSquares(slices, sliceLength: 100), 1e-6 * expected);
        for (int step = 1; step <= 2; step++)
        {
            FlatAdamW.Update(whole, settings, 1e-2, step, 0.5);
            FlatAdamW.Update(slices, settings, 1e-2, step, 0.5, sliceLength: 100);
        }

        foreach (FlatParameter parameter in layout.Parameters)
        {
            float[][] values = [.. new[] { whole, slices }.Select(tensors => Read(tensors, parameter))];
            Assert.True(Agreement.Distance(values[1], values[0]) < 1e-6, parameter.Description.Name);
            Assert.All(values[0], value => Assert.NotEqual(1, value));
        }

        FlatTensors New()
        {
            var tensors = new FlatTensors(layout, NumericPrecision.Single, device);
            tensors[TensorKind.Weight].fill_(1);
            tensors[TensorKind.Gradient].copy_(tensor(Enumerable.Range(0, (int)layout.Length).Select(i => (float)Gradient(i)).ToArray()));
            return tensors;
        }
    }

    private static double Gradient(int i) => (float)(0.1 + ((i % 7) * 0.01));

    private static float[] Read(FlatTensors tensors, FlatParameter parameter)
    {
        float[] values = new float[parameter.Description.Length];
        tensors.Read(parameter, TensorKind.Weight, values);
        return values;
    }
}
#endif
