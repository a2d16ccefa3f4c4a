using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MagicFolder.Daemon.Api;
using MagicFolder.Grid;

namespace MagicFolder.Daemon.Tests;

/// <summary>Folders whose making ended in the middle.</summary>
public sealed class BrokenOffTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-daemon-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task AFolderThatWasNotListedWhenTheDaemonEndedIsListedLater()
    {
        var gate = new GridGate(isForMutable: true);
        await using (var daemon = await RunningDaemon.StartAsync(_root, "laptop", around: gate.Around))
        {
            var asked = daemon.PostAddAsync("holiday", "laptop", daemon.At("laptop"));
            await gate.Reached;
            await daemon.StopAsync();
            using var answer = await asked;
        }
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using var desktop = await RunningDaemon.StartAsync(_root, "desktop");
        await File.WriteAllTextAsync(laptop.At("laptop/x.txt"), "of the laptop", TestContext.Current.CancellationToken);
        (await laptop.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 1 })).Participants.ShouldHaveSingleItem().Name.ShouldBe("laptop");
        (await desktop.JoinAsync(await laptop.InviteAsync("holiday", "desktop"), "desktop")).Status.ShouldBe(HttpStatusCode.Created);
        await desktop.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 1 });
    }

    [Fact]
    public async Task AFolderThatCannotBeListedYetSaysSoAtOnce()
    {
        var gate = new GridGate(isForMutable: true) { Trouble = new GridException(GridFailure.NoSpace, "The disk is full.") };
        await using var daemon = await RunningDaemon.StartAsync(_root, "laptop", around: gate.Around);
        var added = await daemon.AddAsync("holiday", "laptop", "laptop");
        (added.State, added.Reason).ShouldBe(("stopped", "The disk is full."));
    }

    [Fact]
    public async Task AJoinWhoseAskerWentAwayIsThereAndCanBeGivenUp()
    {
        var gate = new GridGate(isForMutable: true);
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using var phone = await RunningDaemon.StartAsync(_root, "phone", around: gate.Around);
        await laptop.AddAsync("holiday", "laptop", "laptop");
        string code = await laptop.InviteAsync("holiday", "phone");
        using var body = JsonContent.Create(new JoinRequest(code, null, phone.At("phone"), null), ApiJson.Default.JoinRequest);
        await body.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
        using var leaves = new CancellationTokenSource();
        var asked = phone.Client.PostAsync("/v1/join", body, leaves.Token);
        await gate.Reached;
        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asked);
        var (status, _) = await phone.JoinAsync(code, "elsewhere");
        status.ShouldBe(HttpStatusCode.Conflict);
        (await phone.FolderAsync("holiday")).State.ShouldBe("joining");
        using (await phone.Client.DeleteAsync("/v1/magic-folder/holiday", TestContext.Current.CancellationToken)) (await phone.StatusAsync()).Folders.ShouldBeEmpty();
    }

    [Fact]
    public async Task ASecondFolderOfOneNameIsShownAndTheFirstGoesOn()
    {
        await using (var daemon = await RunningDaemon.StartAsync(_root)) await daemon.AddAsync("holiday", "laptop", "laptop");
        string folders = Path.Combine(_root, "config-one", "folders");
        string second = Directory.CreateDirectory(Path.Combine(folders, "zz")).FullName;
        File.Copy(Path.Combine(Directory.GetDirectories(folders).Order(StringComparer.Ordinal).First(), "folder.json"), Path.Combine(second, "folder.json"));
        await using var again = await RunningDaemon.StartAsync(_root);
        (await again.Client.GetAsync("/v1/magic-folder", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await again.BecomesAsync("holiday", folder => folder.State == "in-sync");
        (await again.FolderAsync("zz")).Reason!.ShouldContain("another folder holiday");
        (await again.FolderAsync("zz")).Reason!.ShouldContain($"Leave that one, or move {second} away");
        (await again.PostAsync("/v1/gc")).ShouldContain($"Leave that one, or move {second} away");
        using var listed = JsonDocument.Parse(await again.Client.GetStringAsync("/v1/magic-folder", TestContext.Current.CancellationToken));
        listed.RootElement.EnumerateObject().Select(one => one.Name).ShouldBe(["holiday"]);
    }
}
