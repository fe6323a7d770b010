using System.Runtime.Intrinsics;
using SlungOrleans.Training.Managed;

namespace SlungOrleans.Training.Tests.Managed;

/// <summary>The parts below the model: vectors, products, threads.</summary>
public sealed unsafe class VectorTests
{
    [Fact]
    public void Exp_OverItsRange_IsWithinTwoUnitsInTheLastPlace()
    {
        for (float x = -86; x < 88; x += 0.0137f)
        {
            double expected = Math.Exp(x), actual = Lanes.Exp(Vector512.Create(x))[3];
            Assert.InRange(Math.Abs(actual - expected) / expected, 0, 2.4e-7);
        }

        Assert.InRange(Lanes.Exp(Vector512.Create(float.NegativeInfinity))[0], 0, 1e-37f);
        Assert.True(float.IsFinite(Lanes.Exp(Vector512.Create(float.PositiveInfinity))[0]));
        Assert.True(float.IsNaN(Lanes.Exp(Vector512.Create(float.NaN))[0]));
    }

    [Fact]
    public void SumAndMax_OfLanes_TakeEveryLane()
    {
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            Vector512<float> vector = Vector512.Create(-5f).WithElement(lane, 3);
            Assert.Equal(-72, Lanes.Sum(vector));
            Assert.Equal(3, Lanes.Max(vector));
        }
    }

    /// <summary>All row counts of the micro-kernel, wide and narrow last panels, sums longer than a block.</summary>
    [Theory]
    [InlineData(1, 16, 3)]
    [InlineData(13, 32, 7)]
    [InlineData(14, 48, 33)]
    [InlineData(15, 80, 512)]
    [InlineData(29, 112, 1031)]
    [InlineData(2, 160, 65)]
    [InlineData(3, 288, 130)]
    public void Multiply_OfAnySize_AgreesWithDoublePrecisionAndWithEachRowAlone(int rows, int columns, int depth)
    {
        using NativeBuffer a = Random(rows * depth, 1), b = Random(depth * columns, 2), c = Random(rows * columns, 3), transposed = Random(depth * rows, 4);
        using NativeBuffer packing = new(depth * columns), result = new(rows * columns), alone = new(columns);
        Panels panels = Panels.Pack(b.Data, columns, depth, columns, packing.Data);

        MatrixProduct.Multiply(a.Data, depth, panels, result.Data, columns, rows, columns, depth, c.Data);
        AssertProduct((row, k) => a.Data[(row * depth) + k], b, c, result, rows, columns, depth);
        for (int row = 0; row < rows; row++)
        {
            MatrixProduct.Multiply(a.Data + (row * depth), depth, panels, alone.Data, columns, 1, columns, depth, c.Data + (row * columns));
            Assert.Equal(new Span<float>(result.Data + (row * columns), columns), new Span<float>(alone.Data, columns));
        }

        using NativeBuffer zero = new(rows * columns);
        MatrixProduct.MultiplyTransposed(transposed.Data, rows, panels, new ProductTarget(result.Data, columns), rows, columns, depth, accumulate: false);
        AssertProduct((row, k) => transposed.Data[(k * rows) + row], b, zero, result, rows, columns, depth);
        MatrixProduct.MultiplyTransposed(transposed.Data, rows, panels, new ProductTarget(c.Data, columns), rows, columns, depth, accumulate: true);
        for (int i = 0; i < rows * columns; i++)
        {
            result.Data[i] = c.Data[i] - result.Data[i];
        }

        using NativeBuffer original = Random(rows * columns, 3);
        AssertProduct((_, _) => 0, b, original, result, rows, columns, depth);

        using NativeBuffer target = new((rows + 2) * columns);
        var inPanels = new Panels(target.Data, rows + 2, columns);
        MatrixProduct.MultiplyTransposed(transposed.Data, rows, panels, new ProductTarget(result.Data, columns), rows, columns, depth, accumulate: false);
        MatrixProduct.MultiplyTransposed(transposed.Data, rows, panels, new ProductTarget(inPanels, 2), rows, columns, depth, accumulate: false);
        for (int row = 0; row < rows; row++)
        {
            inPanels.CopyRowTo(row + 2, alone.Data);
            Assert.Equal(new Span<float>(result.Data + (row * columns), columns), new Span<float>(alone.Data, columns));
        }
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(20, 32)]
    [InlineData(47, 16)]
    [InlineData(64, 48)]
    public void PackTransposed_OfAnyRows_HoldsTheTransposeAndZeros(int rows, int columns)
    {
        using NativeBuffer source = Random(rows * columns, 5), packing = Random(Lanes.Pad(rows) * columns, 6);
        Panels panels = Panels.PackTransposed(source.Data, columns, rows, columns, packing.Data);
        for (int row = 0; row < Lanes.Pad(rows); row++)
        {
            int start = row / 32 * 32;
            for (int column = 0; column < columns; column++)
            {
                float expected = row < rows ? source.Data[(row * columns) + column] : 0;
                Assert.Equal(expected, panels.Panel(start)[(column * panels.Width(start)) + row - start]);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ForEach_OfManyJobs_DoesEachOnceAndThrowsTheFirstError(int threads)
    {
        using var team = new WorkerTeam(threads);
        for (int round = 0; round < 200; round++)
        {
            int[] done = new int[17];
            team.ForEach(done.Length, (worker, job) =>
            {
                Assert.InRange(worker, 0, threads - 1);
                Interlocked.Increment(ref done[job]);
            });
            Assert.All(done, count => Assert.Equal(1, count));
        }

        int after = 0;
        var error = Assert.Throws<InvalidOperationException>(() => team.ForEach(9, (_, job) =>
        {
            Interlocked.Increment(ref after);
            if (job is 3 or 5)
            {
                throw new InvalidOperationException($"job {job}");
            }
        }));
        Assert.Equal("job 3", error.Message);
        Assert.Equal(9, after);
        team.ForEach(2, (_, _) => { });
    }

    private static NativeBuffer Random(int length, ulong number)
    {
        var stream = new RandomStream(5, "vectors", number);
        var buffer = new NativeBuffer(length);
        for (int i = 0; i < length; i++)
        {
            buffer.Data[i] = (float)stream.NextGaussian();
        }

        return buffer;
    }

    private static void AssertProduct(Func<int, int, double> a, NativeBuffer b, NativeBuffer addend, NativeBuffer result, int rows, int columns, int depth)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double expected = addend.Data[(row * columns) + column];
                for (int k = 0; k < depth; k++)
                {
                    expected += a(row, k) * b.Data[(k * columns) + column];
                }

                Assert.Equal(expected, result.Data[(row * columns) + column], 1e-6 * Math.Max(10, depth));
            }
        }
    }
}
