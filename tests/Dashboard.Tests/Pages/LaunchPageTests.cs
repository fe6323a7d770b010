using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class LaunchPageTests : PageTest
{
    private static readonly StudySpecification QuickStart = SampleLab.Specification("quick-start");

    public LaunchPageTests() => JsonStudies.Use(Lab, QuickStart, SampleLab.Specification("other") with { Seeds = [] });

    [Fact]
    public void Render_FirstSample_IsInTextAndFormAndCanBeLaunched()
    {
        var page = Render<LaunchPage>();

        Assert.Equal(JsonStudies.Write(QuickStart), Text(page));
        Assert.Equal("quick-start", Field(page, "name"));
        Assert.Equal("600", Field(page, "training-steps"));
        Assert.Equal("1, 2, 3", Field(page, "seeds"));
        Assert.Equal("0.05, 0.1", Field(page, "amounts"));
        Assert.Equal("ready", page.Find("#check .badge").TextContent);
        Assert.Contains("24 = 4 × 3 × 2", page.Markup, StringComparison.Ordinal);
        Assert.False(page.Find("button.big").HasAttribute("disabled"));
    }

    [Fact]
    public void Render_Arms_SaysWhichLossFallsWhere()
    {
        var rows = Render<LaunchPage>().FindAll(".arms-table tbody tr");

        Assert.Equal(
            ["control base cross-entropy not in the text not in the text", "low-risk filtered cross-entropy not in the text not in the text", "full original cross-entropy cross-entropy cross-entropy", "masked original cross-entropy no loss no loss", "unlikelihood original cross-entropy cross-entropy unlikelihood"],
            rows.Select(row => string.Join(' ', row.Children.Select(cell => cell.TextContent.Trim()))));
        Assert.Equal([false, true, true, true, true], rows.Select(row => row.QuerySelector("input")!.HasAttribute("checked")));
    }

    [Fact]
    public void EditForm_AField_RewritesTheText()
    {
        var page = Render<LaunchPage>();

        page.Find("#field-training-steps").Change("1200");
        page.Find("#field-seeds").Change("7, 8");

        var study = JsonStudies.Read(Text(page)).Specification!;
        Assert.Equal(1200, study.Training.Steps);
        Assert.Equal([7, 8], study.Seeds.AsEnumerable());
        Assert.Equal(JsonStudies.Write(QuickStart with { Seeds = [7, 8], Training = QuickStart.Training with { Steps = 1200 } }), Text(page));
    }

    [Fact]
    public void EditText_AField_FillsTheForm()
    {
        var page = Render<LaunchPage>();

        page.Find("textarea").Input(JsonStudies.Write(QuickStart with { Amounts = [0.2], Model = QuickStart.Model with { Layers = 7 } }));

        Assert.Equal("0.2", Field(page, "amounts"));
        Assert.Equal("7", Field(page, "model-layers"));
        Assert.Equal("", page.Find("#model-preset").GetAttribute("value"));
    }

    [Fact]
    public void EditText_NoStudy_KeepsTheFormAndForbidsLaunching()
    {
        var page = Render<LaunchPage>();

        page.Find("textarea").Input("name: [");

        Assert.Equal("quick-start", Field(page, "name"));
        Assert.True(page.Find("fieldset").HasAttribute("disabled"));
        Assert.Contains("Line 1: not YAML.", page.Find(".faults").TextContent, StringComparison.Ordinal);
        Assert.True(page.Find("button.big").HasAttribute("disabled"));
    }

    [Fact]
    public void Faults_OfAField_AreShownAtItAndForbidLaunching()
    {
        var page = Render<LaunchPage>();

        page.Find("#field-name").Change("Not A Name");
        page.Find("#field-training-steps").Change("0");
        page.Find("#field-seeds").Change("");

        Assert.Equal("name: 'Not A Name' is not a valid name.", page.Find("#field-name-faults li").TextContent);
        Assert.Equal("true", page.Find("#field-name").GetAttribute("aria-invalid"));
        Assert.Equal("field-name-faults", page.Find("#field-name").GetAttribute("aria-describedby"));
        Assert.Equal("training.steps is 0, expected at least 1.", page.Find("#field-training-steps-faults li").TextContent);
        Assert.Equal("seeds: at least one is expected.", page.Find("#field-seeds-faults li").TextContent);
        Assert.Equal("3 faults", page.Find("#check .badge").TextContent);
        Assert.True(page.Find("button.big").HasAttribute("disabled"));
    }

    [Theory]
    [InlineData("training-steps", "many", "training.steps: 'many' is not a number.")]
    [InlineData("training-steps", "1.5", "training.steps: '1.5' is not a whole number up to 2147483647.")]
    [InlineData("seeds", "1, two", "seeds: 'two' is not a whole number; expected numbers with commas between them.")]
    [InlineData("data-highRiskThreshold", "", "data.highRiskThreshold: '' is not a number.")]
    public void EditForm_NoNumber_KeepsWhatWasTypedAndSaysSo(string field, string typed, string expected)
    {
        var page = Render<LaunchPage>();
        var before = Text(page);

        page.Find($"#field-{field}").Change(typed);

        Assert.Equal(expected, page.Find($"#field-{field}-faults li").TextContent);
        Assert.Equal(typed, Field(page, field));
        Assert.Equal(before, Text(page));
        Assert.True(page.Find("button.big").HasAttribute("disabled"));
        page.Find($"#field-{field}").Change(field == "data-highRiskThreshold" ? "0.9995" : "5");
        Assert.Empty(page.FindAll(".field-faults"));
    }

    [Fact]
    public void Arms_ToggledAddedAndRouted_AreInTheText()
    {
        var page = Render<LaunchPage>();

        page.FindAll(".arms-table input[type=checkbox]")[0].Change(true);
        page.FindAll(".arms-table input[type=checkbox]")[4].Change(false);
        page.FindAll(".form-section button").First(button => button.TextContent.Contains("An arm of your own", StringComparison.Ordinal)).Click();
        page.Find("select[aria-label='Loss of arm-1 on high-risk tokens']").Change("unlikelihood");
        page.Find("select[aria-label='Loss of arm-1 on middle tokens']").Change("no loss");
        page.Find("input[aria-label='Name of the arm']").Change("both");

        var arms = JsonStudies.Read(Text(page)).Specification!.Arms;
        Assert.Equal(["low-risk", "full", "masked", "control", "both"], arms.Select(arm => arm.Name));
        Assert.Equal([2], arms[4].MaskedLabels.AsEnumerable());
        Assert.Equal([3], arms[4].UnlikelihoodLabels.AsEnumerable());
    }

    [Fact]
    public void Corpora_UnknownOne_IsAFaultUntilThereIsASource()
    {
        var page = Render<LaunchPage>();

        page.Find("textarea").Input(JsonStudies.Write(QuickStart with { Data = QuickStart.Data with { Base = ["elsewhere"] } }));
        Assert.Contains("data.base: there is no corpus 'elsewhere' in the lab", page.Find("#field-data-base-faults").TextContent, StringComparison.Ordinal);

        page.FindAll(".form-section button").First(button => button.TextContent.Contains("Synthetic corpus", StringComparison.Ordinal)).Click();
        page.Find("#field-corpora-2-name").Change("elsewhere");

        Assert.Empty(page.FindAll("#field-data-base-faults"));
        Assert.Equal("ready", page.Find("#check .badge").TextContent);
    }

    [Fact]
    public void Corpora_OfTheLab_CanBeChosen()
    {
        Lab.Corpora["lab-corpus"] = new CorpusView { Name = "lab-corpus" };
        var page = Render<LaunchPage>();

        page.Find("#field-data-base").Change("lab-corpus");
        page.Find("button[aria-label='Take invented-base out of Base text']").Click();

        Assert.Equal(["lab-corpus"], JsonStudies.Read(Text(page)).Specification!.Data.Base.AsEnumerable());
    }

    [Fact]
    public void Model_Preset_SetsTheShapeAlone()
    {
        var page = Render<LaunchPage>();

        page.Find("#model-preset").Change("olmo-1b");

        var model = JsonStudies.Read(Text(page)).Specification!.Model;
        Assert.Equal((2048, 16, 16, 8192, 2048), (model.HiddenSize, model.Layers, model.Heads, model.FeedForwardSize, model.SequenceLength));
        Assert.Equal(QuickStart.Model.Norm, model.Norm);
        Assert.Equal("2048", Field(page, "model-hiddenSize"));
    }

    [Fact]
    public void Tokens_OfARun_AreTurnedIntoSteps()
    {
        var page = Render<LaunchPage>();

        page.Find("#field-training-tokens").Change("1e6");

        // 16 sequences of 256 tokens a step: 244.1 steps.
        Assert.Equal("244", Field(page, "training-steps"));
    }

    [Fact]
    public void Thresholds_OnTheHistogram_ShowSharesAndFollowTheMarks()
    {
        var characters = new long[ScoreHistogram.Bins];
        characters[ScoreHistogram.BinOf(0)] = 600;
        characters[ScoreHistogram.BinOf(0.5)] = 100;
        characters[ScoreHistogram.BinOf(0.999)] = 300;
        Lab.Scores["invented-forum"] = new ScoreHistogram([.. characters], 40, 2000);
        var page = Render<LaunchPage>();
        Assert.Equal(["80 %", "5 %", "15 %"], Shares());

        var mark = page.Find("input[aria-label='High-risk threshold']");
        mark.Input("-2");
        Assert.Equal(["80 %", "0 %", "20 %"], Shares());
        Assert.Equal("0.99", Field(page, "data-highRiskThreshold"));
        mark.Change("-2");

        Assert.Equal("0.12", Field(page, "data-highRiskThreshold"));
        Assert.Equal(0.12, JsonStudies.Read(Text(page)).Specification!.Data.HighRiskThreshold);

        string[] Shares() => [.. page.FindAll(".shares dd").Select(share => share.TextContent)];
    }

    [Fact]
    public void Cost_SpeedNotKnown_IsMeasuredWhenAsked()
    {
        Lab.Pool = new DevicePoolView { Workers = [new WorkerOffer { Devices = ["cpu:0", "cpu:1"] }] };
        Lab.MeasuredSpeed = new TrainingSpeed(16_384, "a trial of two seconds", 1);
        var page = Render<LaunchPage>();
        Assert.Contains("not known yet", page.Markup, StringComparison.Ordinal);

        page.FindAll("button").First(button => button.TextContent == "Measure the speed").Click();

        // 24 runs of 600 × 16 × 256 tokens, two at a time: 12 × 150 s.
        Assert.Contains("about 30 min 00 s", page.Markup, StringComparison.Ordinal);
        Assert.Contains("16,384 tokens/s, from a trial of two seconds", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_Preview_ShowsRowsAndSaysWhenTheStudyHasChanged()
    {
        Lab.Preview = study => new AuditPreview([.. study.Arms.Select(arm => new AuditPreviewRow(arm.Name, arm.Data, 0.05, 9600, 480, 2_457_600, 2_398_456, 21_733, 37_867, 2_398_456, 3801, 140, 0.61))], 0.04, []);
        var page = Render<LaunchPage>();

        page.FindAll("button").First(button => button.TextContent == "Preview the audit").Click();

        Assert.Contains("4 % of the documents", page.Markup, StringComparison.Ordinal);
        Assert.Contains("All arms have 9,600 sequences and 2,457,600 tokens.", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("changed since", page.Markup, StringComparison.Ordinal);
        page.Find("#field-seeds").Change("4");
        Assert.Contains("The study has changed since.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_CannotBeMade_SaysWhy()
    {
        var page = Render<LaunchPage>();

        page.FindAll("button").First(button => button.TextContent == "Preview the audit").Click();

        Assert.Contains("There is nothing to mix.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void ChooseSample_Another_ReplacesTheText()
    {
        var page = Render<LaunchPage>();

        page.Find("#sample").Change("other");

        Assert.Equal("other", Field(page, "name"));
        Assert.Single(page.FindAll(".faults li"));
    }

    [Fact]
    public void From_AStudy_IsCopiedUnderAFreeName()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        JsonStudies.Use(Lab);
        Lab.Studies["quick-start-2"] = Lab.Studies["quick-start"] with { Id = "quick-start-2" };
        Services.GetRequiredService<NavigationManager>().NavigateTo("/launch?from=quick-start");

        var page = Render<LaunchPage>();

        Assert.Equal("quick-start-3", Field(page, "name"));
        Assert.Equal(JsonStudies.Write(QuickStart with { Name = "quick-start-3" }), Text(page));
        Assert.Contains("A copy of", page.Find(".banner.busy").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void From_NoSuchStudy_SaysSo()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/launch?from=nobody");

        Assert.Contains("There is no study 'nobody' to copy.", Render<LaunchPage>().Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_File_IsTheText()
    {
        var page = Render<LaunchPage>();

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(JsonStudies.Write(QuickStart with { Name = "imported" }), "study.yaml"));

        page.WaitForAssertion(() => Assert.Equal("imported", Field(page, "name")));
    }

    [Fact]
    public void Import_NoText_SaysSo()
    {
        var page = Render<LaunchPage>();

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary([0xff, 0xfe, 0x00, 0xc3], "picture.png"));

        page.WaitForAssertion(() => Assert.Contains("'picture.png' could not be read as text", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal("quick-start", Field(page, "name"));
    }

    [Fact]
    public void Launch_ValidStudy_GoesToItsPage()
    {
        var page = Render<LaunchPage>();

        page.Find("button.big").Click();

        Assert.Equal(["launch quick-start"], Lab.Requests);
        Assert.EndsWith("/studies/quick-start", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Launch_NameIsTaken_SaysSoInOneSentence()
    {
        Lab.LaunchFailure = new LabException("There is another study 'quick-start'; choose another name.");
        var page = Render<LaunchPage>();

        page.Find("button.big").Click();

        Assert.Contains("There is another study 'quick-start'; choose another name.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.False(page.Find("button.big").HasAttribute("disabled"));
    }

    private static string Text(IRenderedComponent<LaunchPage> page) => page.Find("textarea").GetAttribute("value")!;

    private static string? Field(IRenderedComponent<LaunchPage> page, string field) => page.Find($"#field-{field}").GetAttribute("value");
}
