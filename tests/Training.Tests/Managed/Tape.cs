namespace SlungOrleans.Training.Tests.Managed;

/// <summary>Reverse-mode differentiation of scalars in double precision: every operation notes its derivatives, the chain rule does the rest.</summary>
internal sealed class Tape
{
    private readonly List<double> _values = [];
    private readonly List<int> _firstEdges = [];
    private readonly List<(int Parent, double Derivative)> _edges = [];

    internal double Value(int node) => _values[node];

    internal Scalar Constant(double value) => Node(value);

    internal Scalar Node(double value, params ReadOnlySpan<(Scalar Parent, double Derivative)> parents)
    {
        _values.Add(value);
        _firstEdges.Add(_edges.Count);
        foreach ((Scalar parent, double derivative) in parents)
        {
            _edges.Add((parent.Index, derivative));
        }

        return new Scalar(this, _values.Count - 1);
    }

    internal Scalar Dot(ReadOnlySpan<Scalar> x, ReadOnlySpan<Scalar> y)
    {
        double sum = 0;
        _firstEdges.Add(_edges.Count);
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i].Value * y[i].Value;
            _edges.Add((x[i].Index, y[i].Value));
            _edges.Add((y[i].Index, x[i].Value));
        }

        _values.Add(sum);
        return new Scalar(this, _values.Count - 1);
    }

    /// <summary>The derivatives of a value with respect to every node.</summary>
    internal double[] Derivatives(Scalar of)
    {
        double[] derivatives = new double[_values.Count];
        derivatives[of.Index] = 1;
        for (int node = of.Index; node >= 0; node--)
        {
            int end = node + 1 < _firstEdges.Count ? _firstEdges[node + 1] : _edges.Count;
            for (int edge = _firstEdges[node]; edge < end; edge++)
            {
                derivatives[_edges[edge].Parent] += derivatives[node] * _edges[edge].Derivative;
            }
        }

        return derivatives;
    }
}

/// <summary>A number on a tape.</summary>
internal readonly record struct Scalar(Tape Tape, int Index)
{
    internal double Value => Tape.Value(Index);

    public static Scalar operator +(Scalar x, Scalar y) => x.Tape.Node(x.Value + y.Value, (x, 1), (y, 1));

    public static Scalar operator -(Scalar x, Scalar y) => x.Tape.Node(x.Value - y.Value, (x, 1), (y, -1));

    public static Scalar operator *(Scalar x, Scalar y) => x.Tape.Node(x.Value * y.Value, (x, y.Value), (y, x.Value));

    public static Scalar operator /(Scalar x, Scalar y) => x.Tape.Node(x.Value / y.Value, (x, 1 / y.Value), (y, -x.Value / (y.Value * y.Value)));

    public static Scalar operator *(Scalar x, double y) => x.Tape.Node(x.Value * y, (x, y));

    public static Scalar operator /(Scalar x, double y) => x * (1 / y);

    public static Scalar operator +(Scalar x, double y) => x.Tape.Node(x.Value + y, (x, 1));

    public static Scalar operator -(Scalar x, double y) => x + -y;

    public static Scalar operator -(Scalar x) => x * -1;

    internal static Scalar Exp(Scalar x) => x.Tape.Node(Math.Exp(x.Value), (x, Math.Exp(x.Value)));

    internal static Scalar Log(Scalar x) => x.Tape.Node(Math.Log(x.Value), (x, 1 / x.Value));

    internal static Scalar Sqrt(Scalar x) => x.Tape.Node(Math.Sqrt(x.Value), (x, 0.5 / Math.Sqrt(x.Value)));

    internal static Scalar Sum(IEnumerable<Scalar> values) => values.Aggregate((x, y) => x + y);
}
