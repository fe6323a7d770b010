namespace SlungOrleans.Silo.Tests.Models;

/// <summary>A lab in a folder of its own, in which a study of seconds has run to its end.</summary>
public sealed class StudyFixture : IAsyncLifetime
{
    public const string Study = "small";

    private Lab _lab = null!;

    internal T Get<T>()
        where T : notnull => _lab.Get<T>();

    public async Task InitializeAsync()
    {
        _lab = await Lab.StartAsync(devices: 2);
        await _lab.RunAsync(SmallStudy.Yaml(Study, "[control, low-risk, full, masked, unlikelihood]"));
    }

    public async Task DisposeAsync() => await _lab.DisposeAsync();
}
