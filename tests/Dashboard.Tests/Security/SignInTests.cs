using System.Net;
using System.Text.RegularExpressions;
using SlungOrleans.Dashboard.Tests.Browser;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Security;

public sealed partial class SignInTests : IAsyncLifetime
{
    private const string Token = "a-token-of-the-tests";

    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("sign-in-");
    private readonly CookieContainer _cookies = new();
    private DashboardHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await StartAsync(Token);
        _client = ClientOf(_host);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _keys.Delete(recursive: true);
    }

    [Fact]
    public async Task Get_PageNotSignedIn_GoesToSignInAndBack()
    {
        using var refused = await GetPageAsync("/studies/quick-start?from=3");
        Assert.Equal("/sign-in?return=%2Fstudies%2Fquick-start%3Ffrom%3D3", refused.Headers.Location!.PathAndQuery);

        var form = await ReadFormAsync(refused.Headers.Location.PathAndQuery);
        using var answer = await PostAsync("/sign-in", form, Token);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/studies/quick-start?from=3", answer.Headers.Location!.ToString());
        using var page = await GetPageAsync("/studies/quick-start?from=3");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task SignIn_RightToken_CookieIsOutOfReachOfScriptsAndOtherSites()
    {
        using var answer = await PostAsync("/sign-in", await ReadFormAsync("/sign-in"), Token);

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("slungorleans=", StringComparison.Ordinal));
        Assert.Contains("; samesite=strict", cookie, StringComparison.Ordinal);
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_WrongToken_IsToldAndNotSignedIn()
    {
        using var answer = await PostAsync("/sign-in", await ReadFormAsync("/sign-in"), "a-token-of-the-test");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("This is not a token of this lab.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var page = await GetPageAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Fact]
    public async Task SignIn_TenWrongTokens_EvenTheRightOneWaits()
    {
        var form = await ReadFormAsync("/sign-in");
        for (var failure = 0; failure < 10; failure++)
        {
            using var wrong = await PostAsync("/sign-in", form, $"wrong-{failure}");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var answer = await PostAsync("/sign-in", form, Token);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Authorization", $"Bearer {Token}" } } };
        using var bearer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, bearer.StatusCode);
    }

    [Fact]
    public async Task SignIn_WithoutTheFormsOwnToken_IsRefused()
    {
        using var answer = await PostAsync("/sign-in", new() { ["return"] = "/" }, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("https:evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    [InlineData("/sign-out")]
    [InlineData("studies")]
    [InlineData("")]
    public async Task SignIn_ReturnAddressOfElsewhere_GoesHome(string address)
    {
        var form = await ReadFormAsync($"/sign-in?return={Uri.EscapeDataString(address)}");
        Assert.Equal("/", form["return"]);
        form["return"] = address;

        using var answer = await PostAsync("/sign-in", form, Token);
        Assert.Equal("/", answer.Headers.Location!.ToString());

        // And for who is signed in already.
        using var again = await GetPageAsync($"/sign-in?return={Uri.EscapeDataString(address)}");
        Assert.Equal("/", again.Headers.Location!.ToString());
    }

    [Fact]
    public async Task SignOut_Form_EndsIt()
    {
        using var signedIn = await PostAsync("/sign-in", await ReadFormAsync("/sign-in"), Token);
        using var forged = await PostAsync("/sign-out", [], "");
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        using var still = await GetPageAsync("/");
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Theory]
    [InlineData(Token, HttpStatusCode.OK)]
    [InlineData("another-token-of-the-tests", HttpStatusCode.Redirect)]
    public async Task Restart_CookieOfBefore_CountsWhileItsTokenDoes(string tokenAfterwards, HttpStatusCode status)
    {
        using var signedIn = await PostAsync("/sign-in", await ReadFormAsync("/sign-in"), Token);
        await using var restarted = await StartAsync(tokenAfterwards);
        using var client = ClientOf(restarted);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Accept", "text/html" } } };

        using var answer = await client.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task SignIn_NobodyHasTo_GoesHome()
    {
        await using var host = await DashboardHost.StartAsync(SampleLab.Create(SampleLab.Now));
        using var client = ClientOf(host);

        using var answer = await client.GetAsync("/sign-in");

        Assert.Equal("/", answer.Headers.Location!.ToString());
    }

    private Task<DashboardHost> StartAsync(string token) => DashboardHost.StartAsync(SampleLab.Create(SampleLab.Now), options =>
    {
        options.Tokens = [new SignInToken("ada", token)];
        options.KeysFolder = _keys.FullName;
    });

    // Cookies are the host's, whatever the port.
    private HttpClient ClientOf(DashboardHost host) => new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = _cookies }) { BaseAddress = new Uri(host.Address) };

    private async Task<HttpResponseMessage> GetPageAsync(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept", "text/html" } } };
        return await _client.SendAsync(request);
    }

    private async Task<Dictionary<string, string>> ReadFormAsync(string address)
    {
        var html = await _client.GetStringAsync(address);
        return HiddenField().Matches(html).ToDictionary(field => field.Groups[1].Value, field => WebUtility.HtmlDecode(field.Groups[2].Value));
    }

    private async Task<HttpResponseMessage> PostAsync(string address, Dictionary<string, string> form, string token)
    {
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>(form) { ["token"] = token });
        return await _client.PostAsync(address, content);
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();
}
