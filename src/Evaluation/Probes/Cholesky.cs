using System.Runtime.InteropServices;
using Wide = System.Numerics.Vector<double>;

namespace SlungOrleans.Evaluation;

/// <summary>
/// Solves symmetric positive definite systems on the calling thread alone: a library's parallel one stalls for minutes on a machine whose cores are
/// all training. Sums have a fixed order that does not depend on the vector width.
/// </summary>
internal static class Cholesky
{
    /// <summary>Solves A x = b.</summary>
    /// <param name="matrix">A, column after column, the lower half; receives its factor.</param>
    /// <param name="right">b; receives x.</param>
    /// <exception cref="EvaluationException">A is not positive definite.</exception>
    public static void Solve(double[] matrix, double[] right)
    {
        int size = right.Length;
        for (int column = 0; column < size; column++)
        {
            Span<double> target = matrix.AsSpan((column * size) + column, size - column);
            for (int before = 0; before < column; before++)
            {
                ReadOnlySpan<double> done = matrix.AsSpan((before * size) + column, size - column);
                AddScaled(target, -done[0], done);
            }

            if (!(target[0] > 0))
            {
                throw new EvaluationException($"The probe's Hessian is not positive definite at parameter {column}.");
            }

            double scale = 1 / Math.Sqrt(target[0]);
            foreach (ref double value in target)
            {
                value *= scale;
            }
        }

        for (int column = 0; column < size; column++)
        {
            right[column] /= matrix[(column * size) + column];
            AddScaled(right.AsSpan(column + 1), -right[column], matrix.AsSpan((column * size) + column + 1, size - column - 1));
        }

        for (int column = size - 1; column >= 0; column--)
        {
            double sum = right[column];
            for (int row = column + 1; row < size; row++)
            {
                sum -= matrix[(column * size) + row] * right[row];
            }

            right[column] = sum / matrix[(column * size) + column];
        }
    }

    /// <summary>Adds a multiple of <paramref name="values"/> to <paramref name="target"/>, which is as long.</summary>
    public static void AddScaled(Span<double> target, double scale, ReadOnlySpan<double> values)
    {
        Span<Wide> wideTarget = MemoryMarshal.Cast<double, Wide>(target);
        ReadOnlySpan<Wide> wideValues = MemoryMarshal.Cast<double, Wide>(values);
        for (int i = 0; i < wideTarget.Length; i++)
        {
            wideTarget[i] += wideValues[i] * scale;
        }

        for (int i = wideTarget.Length * Wide.Count; i < target.Length; i++)
        {
            target[i] += values[i] * scale;
        }
    }
}
