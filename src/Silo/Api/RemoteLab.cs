using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Api;

/// <summary>A lab that runs, asked over its HTTP API.</summary>
internal sealed class RemoteLab : ILab, IDisposable
{
    /// <summary>Sent where there is no token: a change is taken only from who can set this header, which no page of another site can.</summary>
    private const string NoToken = "none";

    private readonly HttpClient _client;

    /// <param name="server">Where the lab's dashboard is, for example http://127.0.0.1:5080.</param>
    /// <param name="token">The sign-in token; null for a lab that asks for none.</param>
    /// <exception cref="RequestFault">The address is none.</exception>
    public RemoteLab(string server, string? token)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw RequestFault.Invalid($"--server: '{server}' is not an address; expected for example http://127.0.0.1:5080.");
        }

        Address = address;

        // A replay takes as long as it takes.
        _client = new HttpClient { BaseAddress = new Uri($"{address.ToString().TrimEnd('/')}/"), Timeout = Timeout.InfiniteTimeSpan };

        // A body that is refused is refused before it is sent, with a sentence instead of a connection that is cut.
        _client.DefaultRequestHeaders.ExpectContinue = true;
        try
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token ?? NoToken);
        }
        catch (FormatException)
        {
            throw RequestFault.Invalid("The sign-in token holds a line break or another character that no token has.");
        }
    }

    /// <summary>Where the lab is.</summary>
    public Uri Address { get; }

    /// <summary>Whether there was an answer of any kind: the address is none that nobody listens at.</summary>
    public bool HasAnswered { get; private set; }

    public Task<ImmutableArray<StudySummary>> ListStudiesAsync(CancellationToken cancellation) => ListAsync<StudySummary>("api/studies", ApiLimits.LargestPage, cancellation);

    public Task<StudyView> GetStudyAsync(string study, CancellationToken cancellation) => GetAsync<StudyView>($"api/studies/{Escape(study)}", cancellation);

    public Task<ImmutableArray<StudyRun>> ListRunsAsync(StudyView study, CancellationToken cancellation) =>
        ListAsync<StudyRun>($"api/studies/{Escape(study.Id)}/runs", ApiLimits.LargestPage, cancellation);

    public async Task<string?> ReadComparisonAsync(string study, CancellationToken cancellation)
    {
        try
        {
            using var answer = await SendAsync(HttpMethod.Get, $"api/studies/{Escape(study)}/comparison.json", content: null, cancellation);
            return await WholeAsync(() => answer.Content.ReadAsStringAsync(cancellation));
        }
        catch (RequestFault fault) when (fault.Kind is FaultKind.Missing or FaultKind.Conflict)
        {
            // There is no such study, or it is not completed.
            return null;
        }
    }

    public Task<Stream> ReportAsync(string study, CancellationToken cancellation) => ReadAsync($"api/studies/{Escape(study)}/report.html", cancellation);

    public Task<Stream> ExportAsync(string study, CancellationToken cancellation) => ReadAsync($"api/studies/{Escape(study)}/archive.zip", cancellation);

    public async Task<string> ImportStudyAsync(Stream archive, string file, CancellationToken cancellation)
    {
        using var content = new StreamContent(archive);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        return (await SendAsync<ImportAnswer>(HttpMethod.Post, $"api/studies/import?file={Uri.EscapeDataString(file)}", content, cancellation)).Study;
    }

    public Task<StudyView> LaunchAsync(string yaml, CancellationToken cancellation) =>
        SendAsync<StudyView>(HttpMethod.Post, "api/studies", new StringContent(yaml, Encoding.UTF8, "application/yaml"), cancellation);

    public Task<StudyView> ActOnStudyAsync(WorkAction action, string study, int steps, CancellationToken cancellation) =>
        ActAsync<StudyView>("studies", action, study, steps, cancellation);

    public Task<RunView> GetRunAsync(string run, CancellationToken cancellation) => GetAsync<RunView>($"api/runs/{Escape(run)}", cancellation);

    public Task<RunView> ActOnRunAsync(WorkAction action, string run, int steps, CancellationToken cancellation) =>
        ActAsync<RunView>("runs", action, run, steps, cancellation);

    public async Task<ImmutableArray<MetricSegment>> ReadMetricSegmentsAsync(string run, CancellationToken cancellation)
    {
        var address = $"api/runs/{Escape(run)}/segments";
        var segments = ImmutableArray.CreateBuilder<MetricSegment>();
        foreach (var segment in await ListAsync<MetricSegmentSummary>(address, ApiLimits.LargestPage, cancellation))
        {
            var points = await ListAsync<MetricPoint>($"{address}/{segment.Epoch}/metrics", ApiLimits.LargestPageOfPoints, cancellation);
            segments.Add(new MetricSegment(segment.Epoch, points, segment.SupersededFrom));
        }

        return segments.ToImmutable();
    }

    public Task<ResumeCertificateView> CertifyAsync(string run, CancellationToken cancellation) =>
        SendAsync<ResumeCertificateView>(HttpMethod.Post, $"api/runs/{Escape(run)}/certificate", content: null, cancellation);

    public Task<ImmutableArray<CheckpointView>> ListCheckpointsAsync(string run, CancellationToken cancellation) =>
        ListAsync<CheckpointView>($"api/runs/{Escape(run)}/checkpoints", ApiLimits.LargestPage, cancellation);

    public Task<RunCheckpointPlan> PlanCheckpointsAsync(string run, RetentionChange change, CancellationToken cancellation) =>
        GetAsync<RunCheckpointPlan>(
            $"api/runs/{Escape(run)}/checkpoints/plan{Query(("latest", change.Latest), ("every", change.Every), ("best", change.Best), ("budget", change.Budget))}", cancellation);

    public Task DeleteCheckpointsAsync(string run, ImmutableArray<RunCheckpoint> chosen, CancellationToken cancellation) => SendAsync<PruneAnswer>(
        HttpMethod.Post,
        $"api/runs/{Escape(run)}/checkpoints/prune",
        Json(new PruneRequest([.. chosen.Select(checkpoint => new CheckpointName(checkpoint.Step, checkpoint.Epoch))])),
        cancellation);

    public Task PinCheckpointAsync(string run, long step, bool pinned, CancellationToken cancellation) =>
        SendAsync<RunCheckpoint>(HttpMethod.Post, $"api/runs/{Escape(run)}/checkpoints/{step}/{(pinned ? "pin" : "unpin")}", content: null, cancellation);

    public async Task<string?> VerifyCheckpointAsync(string run, long step, CancellationToken cancellation) =>
        (await SendAsync<CheckpointVerification>(HttpMethod.Post, $"api/runs/{Escape(run)}/checkpoints/{step}/verify", content: null, cancellation)).Damage;

    public Task<ImmutableArray<CorpusView>> ListCorporaAsync(CancellationToken cancellation) => ListAsync<CorpusView>("api/corpora", ApiLimits.LargestPage, cancellation);

    public Task<CorpusView> GetCorpusAsync(string corpus, CancellationToken cancellation) => GetAsync<CorpusView>($"api/corpora/{Escape(corpus)}", cancellation);

    public Task<CorpusView> ImportAsync(CorpusSpecification specification, CancellationToken cancellation) =>
        SendAsync<CorpusView>(HttpMethod.Post, "api/corpora", Json(specification), cancellation);

    public void Dispose() => _client.Dispose();

    private static string Escape(string id) => Uri.EscapeDataString(id);

    private static string Query(params ReadOnlySpan<(string Name, long? Value)> values)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in values)
        {
            if (value is { } given)
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(given);
            }
        }

        return query.ToString();
    }

    private static StringContent Json<T>(T value) => new(JsonSerializer.Serialize(value, ApiJson.Options), Encoding.UTF8, "application/json");

    private Task<T> ActAsync<T>(string kind, WorkAction action, string id, int steps, CancellationToken cancellation) => SendAsync<T>(
        HttpMethod.Post,
        $"api/{kind}/{Escape(id)}/{action.ToString().ToLowerInvariant()}",
        action == WorkAction.Continue ? Json(new ContinueRequest(steps)) : null,
        cancellation);

    private async Task<ImmutableArray<T>> ListAsync<T>(string address, int limit, CancellationToken cancellation)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        string? cursor = null;
        do
        {
            var page = await GetAsync<Page<T>>($"{address}?limit={limit}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", cancellation);
            items.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return items.ToImmutable();
    }

    private Task<T> GetAsync<T>(string address, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Get, address, content: null, cancellation);

    private async Task<Stream> ReadAsync(string address, CancellationToken cancellation)
    {
        var answer = await SendAsync(HttpMethod.Get, address, content: null, cancellation);
        return await answer.Content.ReadAsStreamAsync(cancellation);
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string address, HttpContent? content, CancellationToken cancellation)
    {
        using var answer = await SendAsync(method, address, content, cancellation);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            return await WholeAsync(async () => await JsonSerializer.DeserializeAsync<T>(body, ApiJson.Options, cancellation)) ?? throw NoLab();
        }
        catch (JsonException)
        {
            throw NoLab();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, HttpContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        HttpResponseMessage answer;
        try
        {
            answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException exception)
        {
            throw new RequestFault(FaultKind.Unavailable, $"No lab answers at {Address}: {exception.Message}");
        }

        HasAnswered = true;
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw await FaultOfAsync(answer, cancellation);
        }
    }

    private async Task<T> WholeAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new RequestFault(FaultKind.Unavailable, $"The lab at {Address} broke off in the middle of an answer: {exception.Message}");
        }
    }

    private async Task<RequestFault> FaultOfAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var kind = ApiProblems.KindOf((int)answer.StatusCode);
        if (kind == FaultKind.NotSignedIn)
        {
            return new RequestFault(kind, $"The lab at {Address} asks for a sign-in token, and was given none or a wrong one; expected with --token or in SLUNGORLEANS_TOKEN.");
        }

        var body = await WholeAsync(() => answer.Content.ReadAsStringAsync(cancellation));
        return answer.Content.Headers.ContentType?.MediaType switch
        {
            "application/problem+json" when ProblemIn(body) is { Detail: { } detail } problem => new RequestFault(kind, detail, problem.Faults),
            "text/plain" when body.Length > 0 => new RequestFault(kind, body),
            _ => new RequestFault(kind, $"What is at {Address} answered with status {(int)answer.StatusCode}, and not as a lab does."),
        };
    }

    private static Problem? ProblemIn(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<Problem>(body, ApiJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private RequestFault NoLab() => new(FaultKind.Failed, $"What is at {Address} does not answer as a lab of this version does.");

    /// <summary>What is read of problem details; other servers than labs may leave all of it out.</summary>
    private sealed record Problem(string? Detail = null, ImmutableArray<string> Faults = default);
}
