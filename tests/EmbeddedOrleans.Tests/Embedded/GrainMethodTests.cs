using System.Collections.Immutable;

namespace EmbeddedOrleans.Tests.Embedded;

public sealed class GrainMethodTests
{
    private interface IDoubtfulGrain : IGrainWithStringKey
    {
        Task TakeSettableAsync(Settable value);

        Task TakeOpenAsync(Open value);

        Task TakeInterfaceAsync(IReadOnlyList<int> value);

        Task TakeNestedAsync(ImmutableArray<Holder> value);

        Task TakeArrayOfArraysAsync(int[][] value);

        Task<Settable> GiveSettableAsync();

        void ReturnNothing();

        Task GenericAsync<T>(T value);

        Task TakeNodeAsync(Node value);

        Task TakePromisedAsync([Immutable] Settable value);

        Task<(int Number, string Text)> TupleAsync(KeyValuePair<string, Page?> value, DateTimeOffset? time, ImmutableDictionary<string, double> numbers);
    }

    [Theory]
    [InlineData("TakeSettableAsync", "the parameter 'value' has the type EmbeddedOrleans.Tests.Embedded.GrainMethodTests+Settable, which can be changed (member 'Number')")]
    [InlineData("TakeOpenAsync", "the parameter 'value' has the type EmbeddedOrleans.Tests.Embedded.GrainMethodTests+Open, which is not sealed")]
    [InlineData("TakeInterfaceAsync", "which is not sealed, or an array, interface or delegate")]
    [InlineData("TakeNestedAsync", "the parameter 'value' has the type EmbeddedOrleans.Tests.Embedded.GrainMethodTests+Holder, which has the member 'Inner', which has the type EmbeddedOrleans.Tests.Embedded.GrainMethodTests+Settable")]
    [InlineData("TakeArrayOfArraysAsync", "the parameter 'value' has the type System.Int32[]")]
    [InlineData("GiveSettableAsync", "the result has the type EmbeddedOrleans.Tests.Embedded.GrainMethodTests+Settable")]
    [InlineData("ReturnNothing", "returns System.Void; expected Task, Task<T>, ValueTask or ValueTask<T>.")]
    [InlineData("GenericAsync", "is static or generic; expected an ordinary method.")]
    public void TryCreate_MethodThatWouldShareWhatCanChange_SaysWhy(string method, string expected)
    {
        Assert.Null(GrainMethod.TryCreate(typeof(IDoubtfulGrain).GetMethod(method)!, out var fault));
        Assert.Contains(expected, fault);
        Assert.Contains($"IDoubtfulGrain.{method}", fault);
    }

    [Theory]
    [InlineData("TakeNodeAsync")]
    [InlineData("TakePromisedAsync")]
    [InlineData("TupleAsync")]
    public void TryCreate_MethodWithImmutableValues_IsAccepted(string method)
    {
        Assert.NotNull(GrainMethod.TryCreate(typeof(IDoubtfulGrain).GetMethod(method)!, out var fault));
        Assert.Null(fault);
    }

    public sealed record Settable
    {
        public int Number { get; set; }
    }

    public record Open(int Number);

    public sealed record Holder(Settable Inner);

    public sealed record Node(string Text, Node? Next, ImmutableArray<Node> Children);
}
