using System.Net;
using System.Text.Json;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Daemon.Tests;

/// <summary>A name means one folder of this computer, whatever others call theirs.</summary>
public sealed class JoinNameTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-daemon-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task WhatWasJoinedIsNotTakenUnderANameThatIsTakenByThen()
    {
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await laptop.AddAsync("holiday", "laptop", "laptop");
        (await laptop.PostAsync("/v1/magic-folder/holiday/pause")).ShouldBe("200 {}");
        await using (var phone = await RunningDaemon.StartAsync(_root, "phone"))
        {
            await phone.AddAsync("office", "phone", "own");
            (await phone.JoinAsync(await laptop.InviteAsync("holiday", "phone"), "phone")).Status.ShouldBe(HttpStatusCode.Created);
        }
        string file = Directory.GetFiles(Path.Combine(_root, "config-phone", "folders"), "folder.json", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("\"office\"", "\"holiday\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        await using var again = await RunningDaemon.StartAsync(_root, "phone");
        (await laptop.PostAsync("/v1/magic-folder/holiday/resume")).ShouldBe("200 {}");
        await UntilAsync(again, folders => folders.Any(folder => folder is { State: "stopped" } && folder.Path == again.At("phone")));
        var (own, joined) = ((await again.StatusAsync()).Folders.Single(folder => folder.Path == again.At("own")), (await again.StatusAsync()).Folders.Single(folder => folder.Path == again.At("phone")));
        joined.Reason!.ShouldContain("There is a folder holiday here already");
        own.State.ShouldBe("in-sync");
        (await ListedAsync(again)).ShouldBe(["holiday"]);
        await LeaveAsync(again, "holiday");
        (await again.FolderAsync("holiday")).Path.ShouldBe(again.At("own"));
    }

    [Fact]
    public async Task WhatWasJoinedHasTheNameThatTheCodeSaid()
    {
        string name = new('x', 70);
        await using var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await using var phone = await RunningDaemon.StartAsync(_root, "phone");
        await laptop.AddAsync(name, "laptop", "laptop");
        await phone.AddAsync(name, "phone", "own");
        (await phone.JoinAsync(await laptop.InviteAsync(name, "phone"), "phone")).Status.ShouldBe(HttpStatusCode.Created);
        await UntilAsync(phone, folders => folders.Count(folder => folder.State == "in-sync") == 2);
        (await ListedAsync(phone)).ShouldBe([name[..64], name]);
    }

    private static async Task LeaveAsync(RunningDaemon daemon, string name)
    {
        using var answer = await daemon.Client.DeleteAsync($"/v1/magic-folder/{name}", TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<string[]> ListedAsync(RunningDaemon daemon)
    {
        using var listed = JsonDocument.Parse(await daemon.Client.GetStringAsync("/v1/magic-folder", TestContext.Current.CancellationToken));
        return [.. listed.RootElement.EnumerateObject().Select(one => one.Name)];
    }

    private static async Task UntilAsync(RunningDaemon daemon, Func<IReadOnlyList<FolderDocument>, bool> holds)
    {
        for (int i = 0; i < 6000 && !holds((await daemon.StatusAsync()).Folders); i++) await Task.Delay(20, TestContext.Current.CancellationToken);
    }
}
