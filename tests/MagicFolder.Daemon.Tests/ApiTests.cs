using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using MagicFolder.Daemon.Api;
using MagicFolder.Daemon.Configuration;
using MagicFolder.Model;
using MagicFolder.Sync;

namespace MagicFolder.Daemon.Tests;

public sealed class ApiTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-daemon-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task AFolderIsMadeListedAndKeptInSync()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        Write("laptop/d/x.txt", "one");
        (await daemon.AddAsync("holiday", "laptop", "laptop")).Path.ShouldBe(daemon.At("laptop"));
        var folder = await daemon.BecomesAsync("holiday", one => one is { State: "in-sync", Files: 1 });
        folder.Participants.ShouldHaveSingleItem().ShouldSatisfyAllConditions(one => one.Name.ShouldBe("laptop"), one => one.Self.ShouldBeTrue(), one => one.Seq.ShouldBeGreaterThan(0));

        Write("laptop/y.txt", "two");
        (await daemon.PostAsync("/v1/magic-folder/holiday/scan-local")).ShouldBe("200 {}");
        (await daemon.FolderAsync("holiday")).Files.ShouldBe(2);
        using var listed = JsonDocument.Parse(await daemon.Client.GetStringAsync("/v1/magic-folder", Cancel));
        var one = listed.RootElement.GetProperty("holiday");
        one.EnumerateObject().Select(member => member.Name).ShouldBe(["name", "author", "poll_interval", "scan_interval", "is_admin", "stash_path", "magic_path"]);
        one.GetProperty("author").GetProperty("name").GetString().ShouldBe("laptop");
    }

    [Fact]
    public async Task FoldersAreThereAgainAfterARestart()
    {
        await using (var daemon = await RunningDaemon.StartAsync(_root))
        {
            await daemon.AddAsync("holiday", "laptop", "laptop");
            await daemon.AddAsync("office", "laptop", "office");
            (await daemon.PostAsync("/v1/magic-folder/office/pause")).ShouldBe("200 {}");
            File.Exists(daemon.Directory.EndpointFile).ShouldBeTrue();
        }
        Write("laptop/x.txt", "made meanwhile");
        await using var again = await RunningDaemon.StartAsync(_root);
        await again.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 1 });
        (await again.FolderAsync("office")).State.ShouldBe("paused");
        (await again.PostAsync("/v1/magic-folder/office/scan-local")).ShouldStartWith("409 ");
        (await again.PostAsync("/v1/magic-folder/office/resume")).ShouldBe("200 {}");
        await again.BecomesAsync("office", folder => folder.State == "in-sync");
    }

    [Fact]
    public async Task OneFolderThatFailsDoesNotStopTheOthers()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        await daemon.AddAsync("holiday", "laptop", "laptop");
        await daemon.AddAsync("office", "laptop", "office");
        await daemon.BecomesAsync("holiday", folder => folder.State == "in-sync");
        // As when a drive is not mounted: the directory is there, and nothing of the folder in it.
        Directory.Move(daemon.At("laptop/.magic-folder"), daemon.At("unplugged"));
        var stopped = await daemon.BecomesAsync("holiday", folder => folder.State == "stopped");
        stopped.Reason.ShouldNotBeNullOrEmpty();
        Write("office/x.txt", "goes on");
        (await daemon.PostAsync("/v1/magic-folder/office/scan-local")).ShouldBe("200 {}");
        (await daemon.FolderAsync("office")).Files.ShouldBe(1);
        Directory.Move(daemon.At("unplugged"), daemon.At("laptop/.magic-folder"));
        await daemon.BecomesAsync("holiday", folder => folder.State == "in-sync");
    }

    [Fact]
    public async Task WhoLeavesKeepsFilesAndState()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        Write("laptop/x.txt", "stays");
        await daemon.AddAsync("holiday", "laptop", "laptop");
        await daemon.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 1 });
        using var answer = await daemon.Client.DeleteAsync("/v1/magic-folder/holiday", Cancel);
        var left = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(Cancel), ApiJson.Default.LeftDocument)!;
        File.Exists(Path.Combine(left.State, "folder.json")).ShouldBeTrue();
        File.ReadAllText(daemon.At("laptop/x.txt")).ShouldBe("stays");
        (await daemon.StatusAsync()).Folders.ShouldBeEmpty();
        await daemon.AddAsync("holiday", "laptop", "laptop");
        await daemon.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 1 });
    }

    [Theory]
    [InlineData("holiday", "laptop", "laptop", "There is a folder holiday already")]
    [InlineData("other", "laptop", "laptop/inside", "inside one another")]
    [InlineData("other", "laptop", "grid/inside", "inside one another")]
    [InlineData("other", "laptop", "config-one/folders", "inside one another")]
    [InlineData("other", "", "else", "The name of the author")]
    [InlineData("a\nb", "laptop", "else", "A folder's name")]
    public async Task WhatCannotBeAddedIsRefusedInOneLine(string name, string author, string directory, string reason)
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        await daemon.AddAsync("holiday", "laptop", "laptop");
        using var answer = await daemon.PostAddAsync(name, author, daemon.At(directory));
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(Cancel), ApiJson.Default.ErrorDocument)!.Reason.ShouldContain(reason);
        Directory.Exists(daemon.At("else")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, null, null, HttpStatusCode.OK)]
    [InlineData("wrong", null, null, HttpStatusCode.Unauthorized)]
    [InlineData("", null, null, HttpStatusCode.Unauthorized)]
    [InlineData(null, "evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData(null, "127.0.0.1.evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData(null, "localhost", null, HttpStatusCode.OK)]
    [InlineData(null, null, "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData(null, null, "null", HttpStatusCode.Forbidden)]
    public async Task OnlyWhoShowsTheTokenAndIsNoForeignPageIsAnswered(string? token, string? host, string? origin, HttpStatusCode expected)
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/status");
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (host is not null) request.Headers.Host = host;
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
        using var answer = await daemon.Client.SendAsync(request, Cancel);
        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task FilesAreListedByTheirTimes()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        foreach (var (path, year) in new[] { ("laptop/b.txt", 2001), ("laptop/d/a.txt", 2003), ("laptop/c.txt", 2002) })
        {
            Write(path, "of " + path);
            File.SetLastWriteTimeUtc(daemon.At(path), new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }
        await daemon.AddAsync("holiday", "laptop", "laptop");
        await daemon.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 3 });
        (await daemon.Client.GetStringAsync("/v1/magic-folder/holiday/file-status", Cancel)).ShouldBe(
            """[{"relpath":"d/a.txt","mtime":1041379200,"size":17},{"relpath":"c.txt","mtime":1009843200,"size":15},{"relpath":"b.txt","mtime":978307200,"size":15}]""");
        using var changes = JsonDocument.Parse(await daemon.Client.GetStringAsync("/v1/magic-folder/holiday/recent-changes?number=2", Cancel));
        var recent = changes.RootElement.EnumerateArray().ToArray();
        recent.Select(one => one.GetProperty("relpath").GetString()).ShouldBe(["c.txt", "d/a.txt"]);
        recent[0].EnumerateObject().Select(member => member.Name).ShouldBe(["relpath", "modified", "last-updated", "conflicted"]);
        recent[0].GetProperty("last-updated").GetDouble().ShouldBeGreaterThan(1.7e9);
        (await daemon.Client.GetStringAsync("/v1/magic-folder/holiday/conflicts", Cancel)).ShouldBe("{}");
        foreach (string wrong in new[] { "0", "-1", "many", "10001" }) (await daemon.Client.GetAsync($"/v1/magic-folder/holiday/recent-changes?number={wrong}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await daemon.Client.GetAsync("/v1/magic-folder/nobody/file-status", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task NonsenseIsAnsweredAndHarmsNobody()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        foreach (string body in new[] { "", "{", "[]", "null", "{\"name\": 1}", new string('x', 100_000) })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await daemon.Client.PostAsync("/v1/magic-folder", content, Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, body.Length > 20 ? "too long" : body);
        }
        (await daemon.PostAsync("/v1/magic-folder/nobody/pause")).ShouldStartWith("409 ");
        (await daemon.StatusAsync()).Folders.ShouldBeEmpty();
    }

    [Fact]
    public async Task EventsAreToldAsTheyHappen()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", daemon.Client.DefaultRequestHeaders.Authorization!.ToString());
        await socket.ConnectAsync(new Uri(daemon.Client.BaseAddress!.ToString().Replace("http:", "ws:", StringComparison.Ordinal) + "v1/status"), Cancel);
        (await ReceiveAsync(socket)).ShouldBe("""{"events":[]}""");
        await daemon.AddAsync("holiday", "laptop", "laptop");
        string told = await ReceiveAsync(socket);
        while (!told.Contains("folder-added", StringComparison.Ordinal)) told = await ReceiveAsync(socket);
        told.ShouldContain("\"folder\":\"holiday\"");
    }

    [Fact]
    public async Task ASecondDaemonIsRefused()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        (await Should.ThrowAsync<RefusedException>(() => RunningDaemon.RunAsync(_root))).Message.ShouldContain("Another daemon runs");
        await daemon.StatusAsync();
    }

    [Fact]
    public async Task SecretsAreForTheirOwnerAloneAndGoWithTheDaemon()
    {
        if (OperatingSystem.IsWindows()) return;
        ConfigurationDirectory directory;
        await using (var daemon = await RunningDaemon.StartAsync(_root))
        {
            directory = daemon.Directory;
            foreach (string file in new[] { directory.TokenFile, directory.EndpointFile, directory.ConfigurationFile }) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }
        File.Exists(directory.TokenFile).ShouldBeFalse();
        File.Exists(directory.EndpointFile).ShouldBeFalse();
    }

    [Fact]
    public async Task ADamagedFolderIsShownAndTheOthersGoOn()
    {
        await using (var daemon = await RunningDaemon.StartAsync(_root)) await daemon.AddAsync("holiday", "laptop", "laptop");
        string bad = Path.Combine(_root, "config-one", "folders", "bad");
        Directory.CreateDirectory(bad);
        File.WriteAllText(Path.Combine(bad, "folder.json"), "{");
        await using var again = await RunningDaemon.StartAsync(_root);
        await again.BecomesAsync("holiday", folder => folder.State == "in-sync");
        var shown = await again.FolderAsync("bad");
        (shown.State, shown.Reason!.Contains("damaged", StringComparison.Ordinal)).ShouldBe(("stopped", true));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        var result = await socket.ReceiveAsync(buffer, Cancel);
        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
        File.WriteAllText(Path.Combine(_root, path), text);
    }
}
