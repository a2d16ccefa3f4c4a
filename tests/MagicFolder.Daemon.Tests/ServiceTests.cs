using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using MagicFolder.Daemon.Api;
using MagicFolder.Daemon.Configuration;

namespace MagicFolder.Daemon.Tests;

/// <summary>What those ask who look after the daemon.</summary>
public sealed partial class ServiceTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-daemon-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task HealthIsToldToAnybodyHereAndNamesNothing()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        await daemon.AddAsync("holiday", "laptop", "laptop");
        await daemon.BecomesAsync("holiday", folder => folder.State == "in-sync");
        using var stranger = new HttpClient { BaseAddress = daemon.Client.BaseAddress };
        (await HealthAsync(stranger)).ShouldBe((HttpStatusCode.OK, """{"healthy":true,"reasons":[]}"""));
        (await stranger.GetAsync("/v1/metrics", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.PostAsync("/v1/health", null, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        Directory.Move(daemon.At("laptop/.magic-folder"), daemon.At("unplugged"));
        await daemon.BecomesAsync("holiday", folder => folder.State == "stopped");
        // What was looked at a second ago is told again.
        await Task.Delay(1200, Cancel);
        (await HealthAsync(stranger)).ShouldBe((HttpStatusCode.ServiceUnavailable, """{"healthy":false,"reasons":["1 of 1 folders cannot go on."]}"""));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/health");
        request.Headers.Host = "evil.example";
        (await stranger.SendAsync(request, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task ADaemonThatIsStoppedAsItStartsEndsWell() => await RunningDaemon.StopAsItStartsAsync(_root);

    [Fact]
    public async Task APausedFolderIsNoTrouble()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        await daemon.AddAsync("holiday", "laptop", "laptop");
        (await daemon.PostAsync("/v1/magic-folder/holiday/pause")).ShouldBe("200 {}");
        (await HealthAsync(daemon.Client)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void AGridOfWhichTooLittleIsThereIsTrouble()
    {
        HealthView.Of(new StatusDocument([], new GridDocument("grid-file", 2, 5, 3))).Reasons.ShouldBe(["2 of 5 directories of the grid can be used, 3 are needed."]);
        HealthView.Of(new StatusDocument([], new GridDocument("grid-file", 3, 5, 3))).Healthy.ShouldBeTrue();
    }

    [Fact]
    public async Task AMountPointWithoutItsDriveIsNoGrid()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        (await daemon.StatusAsync()).Grid.ShouldBe(new GridDocument("directory", 1, 1, 1));
        Directory.Move(daemon.At("grid"), daemon.At("away"));
        Directory.CreateDirectory(daemon.At("grid"));
        (await daemon.StatusAsync()).Grid.Connected.ShouldBe(0);
        (await HealthAsync(daemon.Client)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task MetricsCountWhatIsThereAndWhatWasDone()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        Directory.CreateDirectory(daemon.At("laptop"));
        File.WriteAllText(daemon.At("laptop/x.txt"), "12345");
        const string Name = "a \"b\" \\c";
        await daemon.AddAsync(Name, "laptop", "laptop");
        await daemon.BecomesAsync(Name, folder => folder is { State: "in-sync", Files: 1 });
        using var answer = await daemon.Client.GetAsync("/v1/metrics", Cancel);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        string text = await answer.Content.ReadAsStringAsync(Cancel);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldAllBe(line => Line().IsMatch(line));
        string[] samples = [.. lines.Where(line => line[0] != '#')];
        samples.Select(line => line[..line.LastIndexOf(' ')]).ShouldBeUnique();
        string label = """{folder="a \"b\" \\c"}""";
        samples.ShouldContain($"magicfolder_folder_files{label} 1");
        samples.ShouldContain($"magicfolder_folder_size_bytes{label} 5");
        samples.ShouldContain($"magicfolder_uploads_total{label} 1");
        samples.ShouldContain($"magicfolder_upload_bytes_total{label} 5");
        samples.ShouldContain($"magicfolder_folder_uploads_in_flight{label} 0");
        samples.ShouldContain("magicfolder_grid_connected_directories 1");
        samples.Single(line => line.StartsWith("magicfolder_rounds_total", StringComparison.Ordinal)).ShouldNotEndWith(" 0");
        foreach (string secret in new[] { File.ReadAllText(daemon.Directory.TokenFile), "URI:", _root }) text.ShouldNotContain(secret);

        (await daemon.PostAsync($"/v1/magic-folder/{Uri.EscapeDataString(Name)}/pause")).ShouldBe("200 {}");
        (await daemon.Client.GetStringAsync("/v1/metrics", Cancel)).ShouldContain($"magicfolder_uploads_total{label} 1\n");
    }

    [Fact]
    public async Task TheDescriptionIsServed()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        using var description = JsonDocument.Parse(await daemon.Client.GetStringAsync("/v1/openapi.json", Cancel));
        description.RootElement.GetProperty("openapi").GetString().ShouldBe("3.1.0");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<(HttpStatusCode Status, string Text)> HealthAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/v1/health", Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>A line of the text format 0.0.4.</summary>
    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="(\\.|[^"\\])*"(,[a-z]+="(\\.|[^"\\])*")*\})? -?[0-9.eE+-]+)$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}
