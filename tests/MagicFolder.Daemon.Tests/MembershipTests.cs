using System.Net;
using System.Text.Json;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Daemon.Tests;

/// <summary>Several computers: daemons with configurations of their own, that share a grid and nothing else.</summary>
public sealed class MembershipTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-daemon-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task TwoComputersShareAFolder()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using var desktop = await RunningDaemon.StartAsync(_root, "desktop");
        Write("laptop/d/x.txt", "of the laptop");
        await laptop.AddAsync("holiday", "laptop", "laptop");
        string code = await laptop.InviteAsync("holiday", "desktop");
        Write("desktop/y.txt", "of the desktop");
        var (status, text) = await desktop.JoinAsync(code, "desktop");
        status.ShouldBe(HttpStatusCode.Created, text);
        string fingerprint = JsonSerializer.Deserialize(text, ApiJson.Default.JoinDocument)!.Fingerprint;

        await desktop.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 2 });
        await laptop.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 2 } && folder.Participants.All(one => one.InSync));
        (Read("laptop/y.txt"), Read("desktop/d/x.txt")).ShouldBe(("of the desktop", "of the laptop"));
        var invite = (await InvitesAsync(laptop)).ShouldHaveSingleItem();
        (invite.State, invite.Fingerprint, invite.Code).ShouldBe(("joined", fingerprint, null));
        (await desktop.FolderAsync("holiday")).Participants.Select(one => (one.Name, one.Self)).ShouldBe([("laptop", false), ("desktop", true)]);
    }

    [Fact]
    public async Task AThirdJoinsWhileTheAdminIsOff()
    {
        string code;
        await using (var laptop = await RunningDaemon.StartAsync(_root, "laptop"))
        {
            Write("laptop/x.txt", "of the laptop");
            await laptop.AddAsync("holiday", "laptop", "laptop");
            await laptop.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 1 });
            code = await laptop.InviteAsync("holiday", "phone");
        }
        await using (var phone = await RunningDaemon.StartAsync(_root, "phone"))
        {
            (await phone.JoinAsync(code, "phone")).Status.ShouldBe(HttpStatusCode.Created);
            (await phone.FolderAsync("holiday")).State.ShouldBe("joining");
        }
        await using (var laptop = await RunningDaemon.StartAsync(_root, "laptop"))
            await laptop.BecomesAsync("holiday", folder => folder.Participants.Count == 2);
        await using var again = await RunningDaemon.StartAsync(_root, "phone");
        await again.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 1 });
        Read("phone/x.txt").ShouldBe("of the laptop");
    }

    [Fact]
    public async Task ACodeIsGoodForOne()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using var desktop = await RunningDaemon.StartAsync(_root, "desktop");
        await using var phone = await RunningDaemon.StartAsync(_root, "phone");
        await laptop.AddAsync("holiday", "laptop", "laptop");
        string code = await laptop.InviteAsync("holiday", "desktop");
        (await desktop.JoinAsync(code, "desktop")).Status.ShouldBe(HttpStatusCode.Created);
        var (status, text) = await phone.JoinAsync(code, "phone");
        (status, text.Contains("used", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Conflict, true), text);
        await desktop.BecomesAsync("holiday", folder => folder.State == "in-sync");
        (await phone.StatusAsync()).Folders.ShouldBeEmpty();
        (await phone.JoinAsync(code[..^4], "phone")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await phone.JoinAsync("", "phone")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task WhoIsRemovedIsToldAndChangesNothingMore()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using var desktop = await RunningDaemon.StartAsync(_root, "desktop");
        await laptop.AddAsync("holiday", "laptop", "laptop");
        (await desktop.JoinAsync(await laptop.InviteAsync("holiday", "desktop"), "desktop")).Status.ShouldBe(HttpStatusCode.Created);
        Write("laptop/x.txt", "before");
        await desktop.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 1 });

        (await laptop.SendAsync("/v1/magic-folder/holiday/remove", new RemoveRequest("desktop"), ApiJson.Default.RemoveRequest)).Status.ShouldBe(HttpStatusCode.OK);
        (await desktop.BecomesAsync("holiday", folder => folder.State == "stopped")).Reason!.ShouldContain("removed");
        Write("desktop/x.txt", "after");
        (await laptop.PostAsync("/v1/magic-folder/holiday/poll-remote")).ShouldBe("200 {}");
        Read("laptop/x.txt").ShouldBe("before");
        (await laptop.FolderAsync("holiday")).Participants.Single(one => one.Name == "desktop").Removed.ShouldBeTrue();
        (await desktop.SendAsync("/v1/magic-folder/holiday/invite", new InviteRequest("x", null, null), ApiJson.Default.InviteRequest)).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task AConflictIsResolvedOnOneComputerForBoth()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using var desktop = await RunningDaemon.StartAsync(_root, "desktop");
        Write("laptop/x.txt", "of the laptop");
        Write("desktop/x.txt", "of the desktop");
        await laptop.AddAsync("holiday", "laptop", "laptop");
        (await desktop.JoinAsync(await laptop.InviteAsync("holiday", "desktop"), "desktop")).Status.ShouldBe(HttpStatusCode.Created);
        await laptop.BecomesAsync("holiday", folder => folder.Conflicts == 1);
        await desktop.BecomesAsync("holiday", folder => folder.Conflicts == 1);
        Read("laptop/x.conflict-desktop.txt").ShouldBe("of the desktop");
        (await laptop.Client.GetStringAsync("/v1/magic-folder/holiday/conflicts", TestContext.Current.CancellationToken)).ShouldBe("""{"x.txt":["desktop"]}""");
        (await laptop.Client.GetStringAsync("/v1/magic-folder/holiday/recent-changes", TestContext.Current.CancellationToken)).ShouldContain("\"conflicted\":true");

        var (status, text) = await laptop.SendAsync("/v1/magic-folder/holiday/resolve-conflict", new ResolveRequest("x.txt", "desktop"), ApiJson.Default.ResolveRequest);
        status.ShouldBe(HttpStatusCode.Created, text);
        await desktop.BecomesAsync("holiday", folder => folder is { Conflicts: 0, State: "in-sync" });
        foreach (string who in new[] { "laptop", "desktop" }) Read($"{who}/x.txt").ShouldBe("of the desktop");
    }

    [Fact]
    public async Task AFolderMayHaveAnotherNameHere()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using (var desktop = await RunningDaemon.StartAsync(_root, "desktop"))
        {
            await laptop.AddAsync("holiday", "laptop", "laptop");
            await desktop.AddAsync("holiday", "desktop", "other");
            string code = await laptop.InviteAsync("holiday", "desktop");
            var (status, text) = await desktop.JoinAsync(code, "desktop");
            (status, text.Contains("--name", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Conflict, true), text);
            (status, text) = await desktop.JoinAsync(code, "desktop", "holiday-of-ann");
            status.ShouldBe(HttpStatusCode.Created, text);
            JsonSerializer.Deserialize(text, ApiJson.Default.JoinDocument)!.Folder.ShouldBe("holiday-of-ann");
            await desktop.BecomesAsync("holiday-of-ann", folder => folder.State == "in-sync");
        }
        await using var again = await RunningDaemon.StartAsync(_root, "desktop");
        (await again.StatusAsync()).Folders.Select(folder => folder.Name).ShouldBe(["holiday", "holiday-of-ann"]);
        await laptop.BecomesAsync("holiday", folder => folder.Participants.Select(one => one.Name).SequenceEqual(["laptop", "desktop"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AGridThatIsAwayIsNotMadeAnewByAddOrJoin(bool leavesMountPoint)
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using var desktop = await RunningDaemon.StartAsync(_root, "desktop");
        await laptop.AddAsync("holiday", "laptop", "laptop");
        string code = await laptop.InviteAsync("holiday", "desktop");
        await laptop.BecomesAsync("holiday", folder => folder.State == "in-sync");

        string grid = laptop.At("grid"), away = laptop.At("away");
        Directory.Move(grid, away);
        if (leavesMountPoint) Directory.CreateDirectory(grid);
        using (var added = await laptop.PostAddAsync("office", "laptop", laptop.At("office"))) ShouldSayMount(added.StatusCode, await added.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var (status, text) = await desktop.JoinAsync(code, "desktop");
        ShouldSayMount(status, text);

        if (leavesMountPoint) Directory.Delete(grid);
        Directory.Move(away, grid);
        await laptop.AddAsync("office", "laptop", "office");
        (await desktop.JoinAsync(code, "desktop")).Status.ShouldBe(HttpStatusCode.Created);
        foreach (string folder in new[] { "holiday", "office" }) await laptop.BecomesAsync(folder, one => one.State == "in-sync");

        void ShouldSayMount(HttpStatusCode answered, string reason)
        {
            (answered, reason.Contains("mount", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.ServiceUnavailable, true), reason);
            Directory.Exists(grid).ShouldBe(leavesMountPoint);
            if (leavesMountPoint) Directory.EnumerateFileSystemEntries(grid).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task EverybodySeesWhoHasSeenWhat()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using var desktop = await RunningDaemon.StartAsync(_root, "desktop");
        await laptop.AddAsync("holiday", "laptop", "laptop");
        (await desktop.JoinAsync(await laptop.InviteAsync("holiday", "desktop"), "desktop")).Status.ShouldBe(HttpStatusCode.Created);
        Write("laptop/x.txt", "one");
        await desktop.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 1 });
        Write("desktop/y.txt", "two");
        await laptop.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 2 });
        var both = await laptop.BecomesAsync("holiday", folder => folder.Participants.All(one => one.InSync));
        var (self, other) = (both.Participants.Single(one => one.Self), both.Participants.Single(one => !one.Self));
        self.Observed.ShouldBe(new Dictionary<string, long> { ["desktop"] = other.Seq });
        other.Observed.Keys.ShouldBe(["laptop"]);
        other.Observed["laptop"].ShouldBeInRange(1, self.Seq);

        (await desktop.PostAsync("/v1/magic-folder/holiday/pause")).ShouldBe("200 {}");
        Write("laptop/z.txt", "three");
        var behind = await laptop.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 3 });
        (self, other) = (behind.Participants.Single(one => one.Self), behind.Participants.Single(one => !one.Self));
        other.InSync.ShouldBeFalse();
        other.Observed["laptop"].ShouldBeLessThan(self.Seq);
    }

    private static async Task<List<InviteDocument>> InvitesAsync(RunningDaemon daemon) =>
        JsonSerializer.Deserialize(await daemon.Client.GetStringAsync("/v1/magic-folder/holiday/invites", TestContext.Current.CancellationToken), ApiJson.Default.ListInviteDocument)!;

    private string Read(string path) => File.ReadAllText(Path.Combine(_root, path));

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
        File.WriteAllText(Path.Combine(_root, path), text);
    }
}
