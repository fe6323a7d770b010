using Bunit;
using SlungOrleans.Dashboard.Components.Controls;
using SlungOrleans.Dashboard.Components.Pages;
using SlungOrleans.Dashboard.Tests.Lab;

namespace SlungOrleans.Dashboard.Tests.Pages;

public sealed class SettingsPageTests : PageTest
{
    [Fact]
    public void Render_Settings_ShowsValuesSourcesAndFaults()
    {
        Lab = SampleLab.Create(SampleLab.Now);

        var page = Render<SettingsPage>();

        var rows = page.FindAll("tbody tr").Select(row => string.Join(" | ", row.Children.Select(cell => cell.TextContent.Trim()))).ToArray();
        string[] expected =
        [
            "Lab:Data | /srv/slungorleans | command line", "Lab:Url | http://127.0.0.1:5080 | default", "Lab:Devices | 4 | environment (Lab__Devices)",
            "Lab:Token | not set | default", "Lab:AzureBlobs | set; not shown | appsettings.json",
        ];
        Assert.Equal(expected, rows);
        Assert.Contains("Lab:Devcies is no setting", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_TimeAgo_TellsTheTimeWhereNobodyHasChosen()
    {
        var time = Render<TimeAgo>(ago => ago.Add(it => it.Then, SampleLab.Now).Add(it => it.Now, SampleLab.Now)).Find("time");

        Assert.Equal("2026-11-20 15:00:00 UTC", time.GetAttribute("title"));
    }
}
