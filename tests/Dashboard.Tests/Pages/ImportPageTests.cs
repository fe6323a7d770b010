using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class ImportPageTests : PageTest
{
    [Fact]
    public void Choose_Archive_OpensTheImportedStudy()
    {
        var page = Render<ImportPage>();

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("archive of far-away", "far-away.zip"));

        page.WaitForAssertion(() => Assert.EndsWith("/studies/far-away", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
    }

    [Fact]
    public void Choose_AnotherFile_SaysWhyItIsRefused()
    {
        var page = Render<ImportPage>();

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("holidays", "photo.zip"));

        page.WaitForAssertion(() => Assert.Equal("photo.zip: The file is not a zip archive.", page.Find("[role=alert]").TextContent));
        Assert.False(page.Find("input").HasAttribute("disabled"));
    }

    [Fact]
    public void Pages_OfAnImportedStudy_SayWhereItCameFrom()
    {
        Lab = SampleLab.Create(SampleLab.Now);
        var origin = new StudyOrigin { Lab = "SlungOrleans 9.9", Archive = new string('a', 64), File = "far.zip", Imported = SampleLab.Now };
        Lab.Studies["quick-start"] = Lab.Studies["quick-start"] with { Origin = origin };

        var study = Render<StudyPage>(parameters => parameters.Add(page => page.Id, "quick-start"));
        var compare = Render<ComparePage>(parameters => parameters.Add(page => page.Id, "quick-start"));

        Assert.All([study.Find(".imported").TextContent, compare.Find(".imported").TextContent], text =>
        {
            Assert.Contains("far.zip", text, StringComparison.Ordinal);
            Assert.Contains("SlungOrleans 9.9 exported", text, StringComparison.Ordinal);
            Assert.Contains("aaaaaaaaaaaa)", text, StringComparison.Ordinal);
        });
        Assert.All([study.Find("a[href$='archive.zip']"), compare.Find("a[href$='archive.zip']")], link => Assert.Equal("api/studies/quick-start/archive.zip", link.GetAttribute("href")));
    }
}
