using System.Net;
using System.Text.Json;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Daemon.Tests;

/// <summary>What is told of a folder beside its loop.</summary>
public sealed class LookingTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-looking-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task HistoryOfAFolderAndOfAPath()
    {
        await using var daemon = await WithTwoVersionsAsync();
        var snapshots = await daemon.ReadAsync("holiday/history", ApiJson.Default.HistoryDocument);
        snapshots.Problems.ShouldBeEmpty();
        snapshots.Versions.Select(one => (one.Participant, one.Kind)).Distinct().ShouldBe([("laptop", "snapshot")]);
        (snapshots.Versions[0].Files, snapshots.Versions[0].Size).ShouldBe((1, 7));
        (await daemon.ReadAsync("holiday/history?path=.", ApiJson.Default.HistoryDocument)).Versions.Count.ShouldBe(snapshots.Versions.Count);

        var versions = (await daemon.ReadAsync("holiday/history?path=d%2Fx.txt", ApiJson.Default.HistoryDocument)).Versions;
        versions.Select(one => (one.Kind, one.Size, one.Files)).ShouldBe([("file", 7, null), ("file", 5, null)]);
        versions[0].Version.ShouldBe(snapshots.Versions[0].Version);
        (await daemon.ReadAsync("holiday/history?path=y", ApiJson.Default.HistoryDocument)).Versions.ShouldBeEmpty();
        (await daemon.GetAsync("holiday/history?path=..%2Fx")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await daemon.GetAsync("holiday/history?path=.magic-folder%2Fx")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await daemon.GetAsync("nobody/history")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task WhatIsWithAPathAlsoWithoutTheStorage()
    {
        await using var daemon = await WithTwoVersionsAsync();
        var why = await daemon.ReadAsync("holiday/why?path=d%2Fx.txt", ApiJson.Default.WhyDocument);
        (why.Path, why.Participant, why.Disk, why.Conflict, why.TimesUnknown).ShouldBe(("d/x.txt", "laptop", "as-recorded", false, null));
        (why.Here!.Participant, why.Here.Size).ShouldBe(("laptop", 7));
        why.Sentences.ShouldHaveSingleItem().ShouldStartWith("laptop has d/x.txt as version ");
        var parts = why.Told!.ShouldHaveSingleItem();
        parts.Where(part => part.Bytes is not null).ShouldHaveSingleItem().Bytes.ShouldBe(7);
        parts.Count(part => part.TimeMs is not null).ShouldBe(2, "when it was published, and modified");
        string.Concat(parts.Select(part => part.Text ?? (part.Bytes is { } bytes ? $"{bytes} B" : Model.Snapshots.UnixTime.ToIso(part.TimeMs!.Value)))).ShouldBe(why.Sentences[0]);

        (await daemon.GetAsync("holiday/why?path=nothing")).ShouldSatisfyAllConditions(answer => answer.Status.ShouldBe(HttpStatusCode.Conflict), answer => answer.Text.ShouldContain("Nothing is known of nothing"));
        (await daemon.GetAsync("holiday/why")).Status.ShouldBe(HttpStatusCode.BadRequest);
        Directory.Move(daemon.At("grid"), daemon.At("away"));
        why = await daemon.ReadAsync("holiday/why?path=d%2Fx.txt", ApiJson.Default.WhyDocument);
        (why.TimesUnknown is null, why.Here!.Time).ShouldBe((false, null));
        (await daemon.GetAsync("holiday/history")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Directory.Move(daemon.At("away"), daemon.At("grid"));
    }

    [Fact]
    public async Task ConflictsWithAllTheirVersions()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using var desktop = await RunningDaemon.StartAsync(_root, "desktop");
        Write("laptop/x.txt", "of the laptop");
        Write("desktop/x.txt", "of the desktop");
        await laptop.AddAsync("holiday", "laptop", "laptop");
        (await desktop.JoinAsync(await laptop.InviteAsync("holiday", "desktop"), "desktop")).Status.ShouldBe(HttpStatusCode.Created);
        await laptop.BecomesAsync("holiday", folder => folder.Conflicts == 1);
        var found = await laptop.ReadAsync("holiday/conflict-versions", ApiJson.Default.ConflictsDocument);
        (found.Folder, found.Participant, found.Directory).ShouldBe(("holiday", "laptop", laptop.At("laptop")));
        var conflict = found.Conflicts.ShouldHaveSingleItem();
        var why = await laptop.ReadAsync("holiday/why?path=x.txt", ApiJson.Default.WhyDocument);
        why.Sentences[^1].ShouldEndWith("--take mine|desktop --folder holiday");
        why.Told![^1].ShouldBe([new PartDocument("Settle it with: magic-folder resolve x.txt --take mine|desktop"), new PartDocument(null, Options: " --folder holiday")]);
        (conflict.Path, conflict.IsDirectory).ShouldBe(("x.txt", false));
        conflict.Versions.Select(one => (one.Participant, one.Kind, one.Size, one.File, one.InPlace)).ShouldBe(
            [("laptop", "file", 13, "x.txt", true), ("desktop", "file", 14, "x.conflict-desktop.txt", false)]);
    }

    [Fact]
    public async Task AWholeFolderIsCheckedAndShown()
    {
        await using var daemon = await WithTwoVersionsAsync();
        var check = await daemon.AskAsync("holiday/check", new CheckRequest(false), ApiJson.Default.CheckRequest, ApiJson.Default.FolderCheckDocument);
        (check.Healthy, check.Readable, check.Participants, check.Versions, check.Repair).ShouldBe((true, true, 1, 2, false));
        check.Unhealthy.ShouldBeEmpty();
        (await daemon.PostAsync("/v1/magic-folder/holiday/check")).ShouldStartWith("200 ");

        string answer = await daemon.PostAsync("/v1/magic-folder/holiday/publish");
        answer.ShouldStartWith("200 ");
        var published = JsonSerializer.Deserialize(answer[4..], ApiJson.Default.PublishedDocument)!;
        (published.Files, published.Bytes, published.Participant).ShouldBe((1, 7, "laptop"));
        published.Snapshot.ShouldStartWith("URI:DIR2-CHK:");
        published.Directory.ShouldStartWith("URI:DIR2-RO:");
        published.ToString().ShouldNotContain("URI:");
        (await daemon.PostAsync("/v1/magic-folder/holiday/publish")).ShouldContain(published.Directory);

        foreach (string share in Directory.EnumerateFiles(daemon.At("grid/shares"), "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length > 300).ToArray()) File.Delete(share);
        check = await daemon.AskAsync("holiday/check", new CheckRequest(true), ApiJson.Default.CheckRequest, ApiJson.Default.FolderCheckDocument);
        (check.Healthy, check.Readable, check.Repair).ShouldBe((false, false, true));
    }

    private async Task<RunningDaemon> WithTwoVersionsAsync()
    {
        var daemon = await RunningDaemon.StartAsync(_root);
        Write("laptop/d/x.txt", "first");
        await daemon.AddAsync("holiday", "laptop", "laptop");
        await daemon.BecomesAsync("holiday", folder => folder is { State: "in-sync", Bytes: 5 });
        Write("laptop/d/x.txt", "second!");
        (await daemon.PostAsync("/v1/magic-folder/holiday/scan-local")).ShouldBe("200 {}");
        await daemon.BecomesAsync("holiday", folder => folder is { State: "in-sync", Bytes: 7 });
        return daemon;
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
        File.WriteAllText(Path.Combine(_root, path), text);
    }
}
