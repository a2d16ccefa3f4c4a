using System.Net;
using System.Text.Json;
using MagicFolder.Daemon.Api;
using MagicFolder.State;

namespace MagicFolder.Daemon.Tests;

/// <summary>Freeing storage and undoing, through the daemon.</summary>
public sealed class CareTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-care-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task FreesWhatNothingNeedsAndGoesOn()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        await daemon.AddAsync("holiday", "laptop", "one");
        await daemon.AddAsync("work", "laptop", "two");
        await daemon.BecomesAsync("holiday", folder => folder is { State: "in-sync" });
        for (int i = 0; i < 30; i++)
        {
            await File.WriteAllTextAsync(daemon.At("one/x.txt"), new string('x', i + 1), TestContext.Current.CancellationToken);
            (await daemon.PostAsync("/v1/magic-folder/holiday/scan-local")).ShouldBe("200 {}");
        }
        long before = Stored();
        var pretended = await CollectAsync(daemon, dryRun: true);
        Stored().ShouldBe(before);
        var collected = await CollectAsync(daemon, dryRun: false);
        collected.Folders.Select(folder => (folder.Folder, folder.Reason)).ShouldBe([("holiday", null), ("work", null)]);
        collected.Folders[0].Freed.ShouldBeGreaterThan(10);
        collected.Folders[0].Rewritten.ShouldBeGreaterThan(7);
        collected.Folders[0].Rewritten.ShouldBe(pretended.Folders[0].Rewritten);
        // Nobody else takes part, so what was rewritten goes at once.
        collected.Folders[0].Freed.ShouldBe(pretended.Folders[0].Freed + collected.Folders[0].Rewritten);
        (before - Stored()).ShouldBeInRange(pretended.Folders[0].Bytes, collected.Folders[0].Bytes);
        collected.Folders[1].Freed.ShouldBe(0);

        await File.WriteAllTextAsync(daemon.At("one/x.txt"), "xxx", TestContext.Current.CancellationToken);
        await daemon.BecomesAsync("holiday", folder => folder is { State: "in-sync", Bytes: 3 });
        (await daemon.PostAsync("/v1/magic-folder/holiday/pause")).ShouldBe("200 {}");
        (await CollectAsync(daemon, dryRun: false)).Folders[0].Reason.ShouldNotBeNull().ShouldContain("paused");
        (await daemon.SendAsync("/v1/gc", new RemoveRequest("x"), ApiJson.Default.RemoveRequest)).Status.ShouldBe(HttpStatusCode.OK);
        (await daemon.PostAsync("/v1/gc")).ShouldStartWith("200");
    }

    [Fact]
    public async Task APausedFolderIsLeftAloneByWhatLetsDeletionsGoOn()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        await daemon.AddAsync("holiday", "laptop", "one");
        await daemon.BecomesAsync("holiday", folder => folder is { State: "in-sync" });
        (await daemon.PostAsync("/v1/magic-folder/holiday/pause")).ShouldBe("200 {}");
        await File.WriteAllTextAsync(daemon.At("one/x.txt"), "x", TestContext.Current.CancellationToken);
        string answer = await daemon.PostAsync("/v1/magic-folder/holiday/confirm");
        (answer[..4], answer.Contains("paused", StringComparison.Ordinal)).ShouldBe(("409 ", true), answer);
        (await daemon.FolderAsync("holiday")).Files.ShouldBe(0);
        (await daemon.PostAsync("/v1/magic-folder/holiday/recover")).ShouldContain("\"paused\":true");
        (await daemon.PostAsync("/v1/magic-folder/holiday/resume")).ShouldBe("200 {}");
        (await daemon.PostAsync("/v1/magic-folder/holiday/recover")).ShouldContain("\"paused\":false");
    }

    [Fact]
    public async Task AStateThatSomebodyElseWorksWithIsToldAsTheReason()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        await daemon.AddAsync("holiday", "laptop", "one");
        await daemon.BecomesAsync("holiday", folder => folder is { State: "in-sync" });
        (await daemon.PostAsync("/v1/magic-folder/holiday/pause")).ShouldBe("200 {}");
        using var other = ParticipantDatabase.Open(Directory.GetFiles(daemon.At("config-one/folders"), "laptop.db", SearchOption.AllDirectories).Single());
        string answer = await daemon.PostAsync("/v1/magic-folder/holiday/recover");
        (answer[..4], answer.Contains("reason", StringComparison.Ordinal)).ShouldBe(("503 ", true), answer);
    }

    [Fact]
    public async Task FreesByItselfWhereThereIsARuleAndTellsWhatStandsAgainstIt()
    {
        await using (var daemon = await RunningDaemon.StartAsync(_root))
        {
            await daemon.AddAsync("holiday", "laptop", "one");
            await daemon.AddAsync("work", "laptop", "two");
            foreach (string folder in new[] { "holiday", "work" }) await daemon.BecomesAsync(folder, one => one is { State: "in-sync" });
            for (int i = 0; i < 30; i++)
            {
                foreach (string directory in new[] { "one", "two" }) await File.WriteAllTextAsync(daemon.At($"{directory}/x.txt"), new string('x', i + 1), TestContext.Current.CancellationToken);
                foreach (string folder in new[] { "holiday", "work" }) (await daemon.PostAsync($"/v1/magic-folder/{folder}/scan-local")).ShouldBe("200 {}");
            }
        }
        string state = Directory.GetDirectories(Path.Combine(_root, "config-one", "folders")).Single(one => File.ReadAllText(Path.Combine(one, "folder.json")).Contains("\"holiday\"", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(state, "retention.json"), """{"dropAfterDays": 1}""", TestContext.Current.CancellationToken);
        await using var again = await RunningDaemon.StartAsync(_root, time: new HurriedTime());
        while ((await CollectAsync(again, dryRun: true)).Folders[0] is not { Freed: 0, Rewritten: 0 }) await Task.Delay(20, TestContext.Current.CancellationToken);
        (await CollectAsync(again, dryRun: true)).Folders[1].Freed.ShouldBeGreaterThan(5, "nobody wants that of the folder without a rule");

        Directory.Move(again.At("grid"), again.At("away"));
        Directory.CreateDirectory(again.At("grid"));
        var told = await again.BecomesAsync("holiday", folder => folder.Problems.Count > 0 || folder.State == "stopped");
        Directory.Delete(again.At("grid"), recursive: true);
        Directory.Move(again.At("away"), again.At("grid"));
        await again.BecomesAsync("holiday", folder => folder is { State: "in-sync", Problems: [] });
    }

    [Fact]
    public async Task SettingsCountAtOnceAndNothingIsLost()
    {
        await using var daemon = await RunningDaemon.StartAsync(_root);
        await daemon.AddAsync("holiday", "laptop", "one");
        await daemon.BecomesAsync("holiday", folder => folder is { State: "in-sync" });
        (await SetAsync(daemon, "scanSeconds", 77)).Numbers["scanSeconds"].ShouldBe(77);
        (await SetAsync(daemon, "pollSeconds", 86400)).Numbers["pollSeconds"].ShouldBe(86400);
        (await daemon.Client.GetStringAsync("/v1/magic-folder", TestContext.Current.CancellationToken)).ShouldContain("\"poll_interval\":86400,\"scan_interval\":77");
        (await File.ReadAllTextAsync(daemon.Directory.ConfigurationFile, TestContext.Current.CancellationToken)).ShouldContain("\"scanSeconds\": 77");
        (await SetAsync(daemon, "pollSeconds", 1)).Grid.ShouldBe(daemon.At("grid"));

        (await daemon.SendAsync("/v1/config", new SettingRequest("pollSeconds", 0), ApiJson.Default.SettingRequest)).Status.ShouldBe(HttpStatusCode.Conflict);
        (await daemon.SendAsync("/v1/config", new SettingRequest("grid", 0), ApiJson.Default.SettingRequest)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await daemon.SendAsync("/v1/config", new SettingRequest("pollSeconds", null), ApiJson.Default.SettingRequest)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task AnIntervalCountsFromTheMomentItIsChanged()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "a");
        await using var desktop = await RunningDaemon.StartAsync(_root, "b");
        await laptop.AddAsync("holiday", "laptop", "one");
        (await desktop.JoinAsync(await laptop.InviteAsync("holiday", "desktop"), "two")).Status.ShouldBe(HttpStatusCode.Created);
        await desktop.BecomesAsync("holiday", folder => folder is { State: "in-sync" });
        await SetAsync(laptop, "pollSeconds", 86400);
        (await laptop.PostAsync("/v1/magic-folder/holiday/poll-remote")).ShouldBe("200 {}");
        await File.WriteAllTextAsync(desktop.At("two/x.txt"), "x", TestContext.Current.CancellationToken);
        (await desktop.PostAsync("/v1/magic-folder/holiday/scan-local")).ShouldBe("200 {}");
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        File.Exists(laptop.At("one/x.txt")).ShouldBeFalse("nobody asks for news for a day");
        await SetAsync(laptop, "pollSeconds", 1);
        await laptop.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 1 });
    }

    private static async Task<SettingsDocument> SetAsync(RunningDaemon daemon, string key, long value)
    {
        var (status, text) = await daemon.SendAsync("/v1/config", new SettingRequest(key, value), ApiJson.Default.SettingRequest);
        status.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, ApiJson.Default.SettingsDocument)!;
    }

    [Fact]
    public async Task UndoesWhatAParticipantDid()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "a");
        await using var desktop = await RunningDaemon.StartAsync(_root, "b");
        await laptop.AddAsync("holiday", "laptop", "one");
        await laptop.BecomesAsync("holiday", folder => folder is { State: "in-sync" });
        await File.WriteAllTextAsync(laptop.At("one/x.txt"), "good", TestContext.Current.CancellationToken);
        (await laptop.PostAsync("/v1/magic-folder/holiday/scan-local")).ShouldBe("200 {}");
        (await desktop.JoinAsync(await laptop.InviteAsync("holiday", "desktop"), "two")).Status.ShouldBe(HttpStatusCode.Created);
        await desktop.BecomesAsync("holiday", folder => folder is { State: "in-sync", Files: 1 });
        double since = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        await File.WriteAllTextAsync(desktop.At("two/x.txt"), "bad!!", TestContext.Current.CancellationToken);
        (await desktop.PostAsync("/v1/magic-folder/holiday/scan-local")).ShouldBe("200 {}");
        await laptop.BecomesAsync("holiday", folder => folder is { Bytes: 5 });

        var (status, text) = await laptop.SendAsync("/v1/magic-folder/holiday/undo", new UndoBody("desktop", since, false), ApiJson.Default.UndoBody);
        status.ShouldBe(HttpStatusCode.OK, text);
        var undone = JsonSerializer.Deserialize(text, ApiJson.Default.UndoneDocument)!;
        undone.Problems.ShouldBeEmpty();
        undone.Paths.ShouldBe([new UndonePathDocument("x.txt", "reverted")]);
        await desktop.BecomesAsync("holiday", folder => folder is { State: "in-sync", Bytes: 4 });
        (await File.ReadAllTextAsync(desktop.At("two/x.txt"), TestContext.Current.CancellationToken)).ShouldBe("good");
        (await laptop.SendAsync("/v1/magic-folder/holiday/undo", new UndoBody("nobody", since, false), ApiJson.Default.UndoBody)).Status.ShouldBe(HttpStatusCode.Conflict);
        (await laptop.SendAsync("/v1/magic-folder/holiday/undo", new UndoBody("desktop", null, false), ApiJson.Default.UndoBody)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<CollectedDocument> CollectAsync(RunningDaemon daemon, bool dryRun)
    {
        var (status, text) = await daemon.SendAsync("/v1/gc", new CollectRequest(dryRun), ApiJson.Default.CollectRequest);
        status.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, ApiJson.Default.CollectedDocument)!;
    }

    private long Stored() => Directory.EnumerateFiles(Path.Combine(_root, "grid", "shares"), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
}
