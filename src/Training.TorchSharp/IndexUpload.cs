using static TorchSharp.torch;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>Numbers that are gathered in memory and sent to the device in one copy: each copy waits until the device has done all before it.</summary>
internal sealed class IndexUpload
{
    private readonly List<long> _numbers = [];
    private Tensor? _onDevice;

    /// <summary>Adds numbers; returns where they will be.</summary>
    internal IndexRange Add(IReadOnlyCollection<long> numbers)
    {
        var range = new IndexRange(_numbers.Count, numbers.Count);
        _numbers.AddRange(numbers);
        return range;
    }

    /// <inheritdoc cref="Add(IReadOnlyCollection{long})"/>
    internal IndexRange Add(ReadOnlySpan<int> numbers)
    {
        var range = new IndexRange(_numbers.Count, numbers.Length);
        foreach (int number in numbers)
        {
            _numbers.Add(number);
        }

        return range;
    }

    /// <summary>Sends what was added, as a tensor of the current scope.</summary>
    internal void Send(Device device) => _onDevice = tensor(_numbers.ToArray(), device: device);

    /// <summary>What was added at a place; to be called when it has been sent.</summary>
    internal Tensor this[IndexRange range] =>
        (_onDevice ?? throw new InvalidOperationException("Nothing has been sent to the device.")).narrow(0, range.Start, range.Count);
}

/// <summary>Where some of the numbers of an <see cref="IndexUpload"/> are.</summary>
internal readonly record struct IndexRange(int Start, int Count);
