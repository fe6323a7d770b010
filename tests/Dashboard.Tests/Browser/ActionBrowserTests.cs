using Microsoft.Playwright;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Browser;

/// <summary>Every action on runs, studies, checkpoints and the queue, through a real browser.</summary>
public sealed class ActionBrowserTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string Running = "invented-slurs-sweep-low-risk-a50-s2";
    private const string Completed = "quick-start-full-a50-s2";
    private const float Patience = 120_000;

    [BrowserFact]
    public async Task Run_PauseResumeCancelRetry_AskWhereTheyDestroyAndShowWhatCame()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{host.Address}/runs/{Running}");
        var state = page.Locator(".page-head .badge");

        await Button(page, "Pause").ClickAsync();
        await Assertions.Expect(state).ToHaveTextAsync("paused");
        await Button(page, "Resume").ClickAsync();
        await Assertions.Expect(state).ToHaveTextAsync("running");
        await Button(page, "Cancel the run…").ClickAsync();
        await Button(page, "Keep it").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Button(page, "Cancel the run…").ClickAsync();
        await Button(page, "Cancel the run").ClickAsync();
        await Assertions.Expect(state).ToHaveTextAsync("cancelled");
        await Button(page, "Retry").ClickAsync();
        await Assertions.Expect(state).ToHaveTextAsync("queued");

        Assert.Equal([$"pause {Running}", $"resume {Running}", $"cancel {Running}", $"retry {Running}"], lab.Requests);
    }

    [BrowserFact]
    public async Task Run_ContinueByKeyboard_TrainsOn()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{host.Address}/runs/{Completed}");

        await Button(page, "Continue…").PressAsync("Enter");
        var steps = page.GetByLabel("Steps in all");
        await Assertions.Expect(steps).ToHaveValueAsync("1200");
        await steps.FillAsync("900");
        await steps.PressAsync("Enter");

        await Assertions.Expect(page.Locator(".page-head .badge")).ToHaveTextAsync("queued");
        Assert.Equal([$"continue {Completed} 900"], lab.Requests);
        await Assertions.Expect(page.GetByRole(AriaRole.Progressbar, new() { Name = "Steps" })).ToHaveAttributeAsync("aria-valuetext", "600 / 900");
    }

    [BrowserFact]
    public async Task Checkpoints_VerifyPinDelete_ListFirst()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{host.Address}/runs/{Completed}");

        await Button(page, "Verify the checkpoint of step 600").ClickAsync();
        await Assertions.Expect(page.Locator(".whole .badge")).ToHaveTextAsync("whole");
        await Button(page, "Pin the checkpoint of step 400").ClickAsync();
        await Button(page, "Unpin the checkpoint of step 400").WaitForAsync();
        await Button(page, "Choose what the policy would delete").ClickAsync();
        await Button(page, "Delete 1…").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.Locator("tbody th")).ToHaveTextAsync(["200"]);
        await Button(page, "Keep them").ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Button(page, "Delete 1…").ClickAsync();
        await Button(page, "Delete them").ClickAsync();

        await Assertions.Expect(page.Locator("section[aria-labelledby=checkpoints-title] tbody tr")).ToHaveCountAsync(2);
        Assert.Equal([$"verify {Completed} 600", $"pin {Completed} 400", $"delete {Completed} 200"], lab.Requests);
    }

    [BrowserFact]
    public async Task Certificate_Replay_ShowsTheVerdict()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        var replay = new TaskCompletionSource<Contracts.ResumeCertificateView>();
        (var verdict, lab.Replay) = (await lab.Replay, replay.Task);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{host.Address}/runs/{Completed}");

        await Button(page, "Replay the last steps").ClickAsync();
        await Assertions.Expect(page.Locator("#resume-certificate [role=status]")).ToHaveTextAsync("replaying the last steps");
        replay.SetResult(verdict);

        await Assertions.Expect(page.Locator("#resume-certificate .badge")).ToHaveTextAsync("identical");
        await Button(page, "Replay again").WaitForAsync();
    }

    [BrowserFact]
    public async Task Study_PauseResumeRetryContinue_ShowWhatCame()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        var state = page.Locator(".page-head .badge");
        await page.GotoAsync($"{host.Address}/studies/invented-slurs-sweep");
        await Button(page, "Pause").ClickAsync();
        await Assertions.Expect(state).ToHaveTextAsync("paused");
        await Button(page, "Resume").ClickAsync();
        await Assertions.Expect(state).ToHaveTextAsync("running");

        await page.GotoAsync($"{host.Address}/studies/wrong-path");
        await Button(page, "Retry").ClickAsync();
        await Assertions.Expect(state).ToHaveTextAsync("running");

        await page.GotoAsync($"{host.Address}/studies/quick-start");
        await Button(page, "Continue…").ClickAsync();
        await page.GetByLabel("Steps in all").FillAsync("800");
        await Button(page, "Train on").ClickAsync();
        await Assertions.Expect(state).ToHaveTextAsync("running");

        Assert.Equal(["pause invented-slurs-sweep", "resume invented-slurs-sweep", "retry wrong-path", "continue quick-start 800"], lab.Requests);
    }

    [BrowserFact]
    public async Task Queue_KeyboardButtonsAndDragging_Reorder()
    {
        var lab = SampleLab.Create(DateTimeOffset.UtcNow);
        await using var host = await DashboardHost.StartAsync(lab);
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        string[] keys = [.. lab.Pool.Queue.Select(ticket => ticket.Key)];
        await page.GotoAsync($"{host.Address}/cluster");
        var entries = page.Locator(".queue li");

        // A new page gives the focus to its heading.
        await Assertions.Expect(page.Locator("main h1")).ToBeFocusedAsync();
        await entries.Nth(1).FocusAsync();
        await page.Keyboard.PressAsync("Alt+ArrowUp");
        await Assertions.Expect(entries.Nth(0)).ToContainTextAsync(keys[1]);
        await Assertions.Expect(entries.Nth(0)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Alt+End");
        await Assertions.Expect(entries.Last).ToContainTextAsync(keys[1]);
        await Assertions.Expect(entries.Last).ToBeFocusedAsync();
        await Button(page, $"Move {keys[1]} to the front").ClickAsync();
        await Assertions.Expect(entries.Nth(0)).ToContainTextAsync(keys[1]);
        await entries.Nth(0).DragToAsync(entries.Nth(2));

        await Assertions.Expect(entries.Nth(2)).ToContainTextAsync(keys[1]);
        Assert.Equal([keys[0], keys[2], keys[1], .. keys[3..]], lab.Pool.Queue.Select(ticket => ticket.Key));
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private async Task<IBrowserContext> NewContextAsync()
    {
        var context = await fixture.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 860 } });
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        return context;
    }
}
