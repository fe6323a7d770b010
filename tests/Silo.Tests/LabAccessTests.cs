using SlungOrleans.Dashboard;
using SlungOrleans.Silo.Hosting;

namespace SlungOrleans.Silo.Tests;

public sealed class LabAccessTests
{
    private const string Token = "a-token-of-the-tests";

    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://localhost:80", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://[::]:5080", false)]
    [InlineData("http://192.168.1.2:5080", false)]
    [InlineData("https://lab.example", false)]
    [InlineData("http://loopback:5080", false)]
    [InlineData("http://localhost.example:5080", false)]
    public void Validate_NobodySignsIn_OnlyOnThisMachine(string url, bool allowed) =>
        Assert.Equal(allowed, Validate(new LabOptions { Url = url, RequireToken = false, AllowedHosts = "lab.example" }).Length == 0);

    [Theory]
    [InlineData("http://127.0.0.1:5080", null, null, 0)]
    [InlineData("http://127.0.0.1:5080", true, null, 1)]
    [InlineData("http://127.0.0.1:5080", null, Token, 1)]
    [InlineData("http://127.0.0.1:5080", false, Token, 0)]
    [InlineData("http://192.168.1.2:5080", null, null, 1)]
    [InlineData("http://loopback:5080", null, null, 1)]
    public void Of_Address_TokenIsRequiredBeyondThisMachine(string url, bool? required, string? token, int tokens) =>
        Assert.Equal(tokens, Configured(new LabOptions { Url = url, RequireToken = required, Token = token }).Options.Tokens.Length);

    [Fact]
    public void Of_NoTokenConfigured_SaysWhereToSignInWithANewOne()
    {
        var options = new LabOptions { Url = "http://0.0.0.0:5080", AllowedHosts = "lab.example; 192.168.1.2" };

        var (first, dashboard) = Configured(options);
        var second = Configured(options).Access;

        Assert.Matches("^http://lab\\.example:5080/sign-in#token=[0-9a-f]{32}$", first.SignInAddress);
        Assert.NotEqual(first.SignInAddress, second.SignInAddress);
        Assert.Equal(["localhost", "127.0.0.1", "[::1]", "lab.example", "192.168.1.2"], dashboard.AllowedHosts.ToArray());
    }

    [Fact]
    public void Of_TokenConfigured_IsNotSaid()
    {
        var (access, dashboard) = Configured(new LabOptions { Url = "http://192.168.1.2:5080", Token = Token });

        Assert.Null(access.SignInAddress);
        Assert.Equal("http://192.168.1.2:5080", access.Address);
        Assert.Equal(["localhost", "127.0.0.1", "[::1]", "192.168.1.2"], dashboard.AllowedHosts.ToArray());
    }

    [Fact]
    public void Of_TokenFile_HasNamedTokens()
    {
        using var file = new TokenFile("# of the group", "", "ada: first-token-of-the-file", "grace: second:token-with-a-colon");

        var (access, dashboard) = Configured(new LabOptions { Url = "http://192.168.1.2:5080", TokenFile = file.Path });

        Assert.Null(access.SignInAddress);
        Assert.Equal([("ada", "first-token-of-the-file".Length), ("grace", "second:token-with-a-colon".Length)], dashboard.Tokens.Select(token => (token.Name, token.Length)));
    }

    [Fact]
    public void Validate_ManyFaults_ListsThemAllAndNoSecret()
    {
        using var file = new TokenFile("ada: short-secret", "ada: another-secret-of-ada");

        var faults = Validate(new LabOptions { Url = "http://0.0.0.0:5080", RequireToken = false, TokenFile = file.Path });

        Assert.Equal(4, faults.Length);
        Assert.DoesNotContain(faults, fault => fault.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("*", "The allowed host '*' is not the name or address of a host")]
    [InlineData("http://lab.example", "The allowed host 'http://lab.example' is not")]
    [InlineData("lab.example:5080", "The allowed host 'lab.example:5080' is not")]
    public void Validate_AllowedHost_IsAName(string host, string fault) => Assert.StartsWith(fault, Assert.Single(Validate(new LabOptions { AllowedHosts = host })), StringComparison.Ordinal);

    [Fact]
    public void Validate_LineWithoutName_SaysWhichAndNotWhat()
    {
        using var file = new TokenFile("ada: first-token-of-the-file", "a-token-without-a-name");

        Assert.Equal($"Lab:TokenFile '{file.Path}', line 2, has no ':'; expected 'name: token'.", Assert.Single(Validate(new LabOptions { TokenFile = file.Path })));
    }

    [Fact]
    public void Validate_NoSuchTokenFile_IsAFault() =>
        Assert.StartsWith("Lab:TokenFile '/nowhere/tokens' cannot be read:", Assert.Single(Validate(new LabOptions { TokenFile = "/nowhere/tokens" })), StringComparison.Ordinal);

    private static string[] Validate(LabOptions options) => [.. new LabOptionsValidator(isCluster: false).Validate(null, options).Failures ?? []];

    private static (LabAccess Access, DashboardOptions Options) Configured(LabOptions options)
    {
        var access = LabAccess.Of(options);
        var dashboard = new DashboardOptions();
        access.Configure(dashboard);
        return (access, dashboard);
    }

    private sealed class TokenFile : IDisposable
    {
        public TokenFile(params string[] lines) => File.WriteAllLines(Path, lines);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
