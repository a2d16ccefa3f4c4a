using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace MagicFolder.Daemon.Tests;

/// <summary>What whoever listens to a daemon is told.</summary>
public sealed class EventTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-daemon-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task SingleFilesAreToldOnBothSides()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using var desktop = await RunningDaemon.StartAsync(_root, "desktop");
        await laptop.AddAsync("holiday", "laptop", "laptop");
        (await desktop.JoinAsync(await laptop.InviteAsync("holiday", "desktop"), "desktop")).Status.ShouldBe(HttpStatusCode.Created);
        await desktop.BecomesAsync("holiday", folder => folder.State == "in-sync");
        using var here = await ListenAsync(laptop);
        using var there = await ListenAsync(desktop);
        Directory.CreateDirectory(laptop.At("laptop/d"));
        PutInPlace(laptop, "laptop/d/x.txt");
        (await PathsUntilAsync(here, "upload-finished")).ShouldBe(["upload-started d/x.txt", "upload-finished d/x.txt"]);
        (await PathsUntilAsync(there, "download-finished")).ShouldBe(["download-started d/x.txt", "download-finished d/x.txt"]);
        (await laptop.PostAsync("/v1/magic-folder/holiday/scan-local")).ShouldBe("200 {}");
        await KindsUntilAsync(here, "scan-completed");
        await KindsUntilAsync(here, "poll-completed");
        File.Delete(laptop.At("laptop/d/x.txt"));
        PutInPlace(laptop, "laptop/y.txt");
        // A deletion is no download.
        (await PathsUntilAsync(there, "download-finished")).ShouldBe(["download-started y.txt", "download-finished y.txt"]);
        (await laptop.FolderAsync("holiday")).Uploads.ShouldBe(0);
    }

    [Fact]
    public async Task InvitesAreToldWithoutTheirCodes()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using var desktop = await RunningDaemon.StartAsync(_root, "desktop");
        await laptop.AddAsync("holiday", "laptop", "laptop");
        using var here = await ListenAsync(laptop);
        string code = await laptop.InviteAsync("holiday", "desktop");
        var created = (await KindsUntilAsync(here, "invite-created"))[^1];
        created.EnumerateObject().Select(member => member.Name).ShouldBe(["kind", "timestamp", "folder", "id", "participant-name", "mode"]);
        (created.GetProperty("participant-name").GetString(), created.GetProperty("mode").GetString()).ShouldBe(("desktop", "read-write"));
        (await desktop.JoinAsync(code, "desktop")).Status.ShouldBe(HttpStatusCode.Created);
        var told = await KindsUntilAsync(here, "invite-succeeded");
        told[^1].GetProperty("id").GetString().ShouldBe(created.GetProperty("id").GetString());
        told.ShouldAllBe(one => !one.ToString().Contains("magic1-", StringComparison.Ordinal));

        await laptop.InviteAsync("holiday", "phone");
        string id = (await KindsUntilAsync(here, "invite-created"))[^1].GetProperty("id").GetString()!;
        using var cancelled = await laptop.Client.DeleteAsync($"/v1/magic-folder/holiday/invites/{id}", Cancel);
        await KindsUntilAsync(here, "invite-cancelled");
    }

    [Fact]
    public async Task WhoListensDoesNotKeepTheDaemonFromEnding()
    {
        var daemon = await RunningDaemon.StartAsync(_root);
        using var socket = await ListenAsync(daemon);
        long start = TimeProvider.System.GetTimestamp();
        await daemon.DisposeAsync();
        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (await socket.ReceiveAsync(new byte[100], Cancel)).MessageType.ShouldBe(WebSocketMessageType.Close);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>At once: a file that is seen while it is being written is told of twice.</summary>
    private static void PutInPlace(RunningDaemon daemon, string path)
    {
        File.WriteAllText(daemon.At("new"), path);
        File.Move(daemon.At("new"), daemon.At(path));
    }

    private static async Task<ClientWebSocket> ListenAsync(RunningDaemon daemon)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", daemon.Client.DefaultRequestHeaders.Authorization!.ToString());
        await socket.ConnectAsync(new Uri(daemon.Client.BaseAddress!.ToString().Replace("http:", "ws:", StringComparison.Ordinal) + "v1/status"), Cancel);
        await ReceiveAsync(socket);
        return socket;
    }

    /// <summary>All events up to the first of a kind.</summary>
    private static async Task<List<JsonElement>> KindsUntilAsync(ClientWebSocket socket, string kind)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        var told = new List<JsonElement>();
        while (told.Count == 0 || told[^1].GetProperty("kind").GetString() != kind) told.AddRange(await ReceiveAsync(socket, patience.Token));
        return told;
    }

    private static async Task<IEnumerable<string>> PathsUntilAsync(ClientWebSocket socket, string kind) =>
        (await KindsUntilAsync(socket, kind)).Where(one => one.TryGetProperty("relpath", out _)).Select(one => $"{one.GetProperty("kind").GetString()} {one.GetProperty("relpath").GetString()}");

    private static async Task<IEnumerable<JsonElement>> ReceiveAsync(ClientWebSocket socket, CancellationToken cancel = default)
    {
        byte[] buffer = new byte[64 * 1024];
        var result = await socket.ReceiveAsync(buffer, cancel);
        using var message = JsonDocument.Parse(Encoding.UTF8.GetString(buffer, 0, result.Count));
        return [.. message.RootElement.GetProperty("events").EnumerateArray().Select(one => one.Clone())];
    }
}
