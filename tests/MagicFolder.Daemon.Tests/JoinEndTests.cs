using System.Net;
using System.Text.Json;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Daemon.Tests;

/// <summary>Joining a folder, and how that ends when it does not end well.</summary>
public sealed class JoinEndTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("magic-folder-daemon-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task AJoinThatIsUnderWayIsTakenBack()
    {
        await using var laptop = await InviterAsync();
        await using (var phone = await RunningDaemon.StartAsync(_root, "phone"))
        {
            (await phone.JoinAsync(await laptop.InviteAsync("holiday", "phone"), "phone")).Status.ShouldBe(HttpStatusCode.Created);
            (await phone.FolderAsync("holiday")).State.ShouldBe("joining");
            File.Exists(Path.Combine(await LeaveAsync(phone), "join.json")).ShouldBeTrue();
            (await phone.StatusAsync()).Folders.ShouldBeEmpty();
        }
        await using var again = await RunningDaemon.StartAsync(_root, "phone");
        (await again.StatusAsync()).Folders.ShouldBeEmpty();
        (await again.JoinAsync(await laptop.InviteAsync("holiday", "tablet"), "phone")).Status.ShouldBe(HttpStatusCode.Created);
        (await laptop.PostAsync("/v1/magic-folder/holiday/resume")).ShouldBe("200 {}");
        await again.BecomesAsync("holiday", folder => folder.State == "in-sync");
    }

    [Fact]
    public async Task AJoinThatWasRefusedIsDismissed()
    {
        await using var laptop = await InviterAsync();
        await using var phone = await RunningDaemon.StartAsync(_root, "phone");
        await EndJoinAsync(laptop, phone);
        (await phone.FolderAsync("holiday")).Reason!.ShouldContain("'magic-folder leave'");
        await LeaveAsync(phone);
        (await phone.StatusAsync()).Folders.ShouldBeEmpty();
    }

    [Fact]
    public async Task AJoinWhoseFileWasRemovedIsToldAndTheDaemonEndsWell()
    {
        await using var laptop = await InviterAsync();
        await using var phone = await RunningDaemon.StartAsync(_root, "phone");
        (await phone.JoinAsync(await laptop.InviteAsync("holiday", "phone"), "phone")).Status.ShouldBe(HttpStatusCode.Created);
        File.Delete(Directory.GetFiles(phone.At("config-phone/folders"), "join.json", SearchOption.AllDirectories).Single());
        await phone.BecomesAsync("holiday", folder => folder.Reason!.Contains("should not", StringComparison.Ordinal));
        await LeaveAsync(phone);
        await phone.StopAsync();
    }

    [Fact]
    public async Task AJoinThatIsOverMakesRoomForAFolderOfItsName()
    {
        await using var laptop = await InviterAsync();
        await using var phone = await RunningDaemon.StartAsync(_root, "phone");
        await EndJoinAsync(laptop, phone);
        await phone.AddAsync("holiday", "phone", "own");
        (await phone.FolderAsync("holiday")).Path.ShouldBe(phone.At("own"));
        await LeaveAsync(phone);
        (await phone.StatusAsync()).Folders.ShouldBeEmpty();
    }

    [Fact]
    public async Task AJoinThatIsOverMakesRoomForAnotherOfItsName()
    {
        await using var laptop = await InviterAsync();
        await using var phone = await RunningDaemon.StartAsync(_root, "phone");
        await EndJoinAsync(laptop, phone);
        await laptop.AddAsync("office", "laptop", "office");
        (await phone.JoinAsync(await laptop.InviteAsync("office", "phone"), "other", "holiday")).Status.ShouldBe(HttpStatusCode.Created);
        await phone.BecomesAsync("holiday", folder => folder.State == "in-sync");
    }

    /// <summary>The phone is about to join the laptop's holiday, and is refused.</summary>
    private static async Task EndJoinAsync(RunningDaemon laptop, RunningDaemon phone)
    {
        (await phone.JoinAsync(await laptop.InviteAsync("holiday", "phone"), "phone")).Status.ShouldBe(HttpStatusCode.Created);
        string invites = await laptop.Client.GetStringAsync("/v1/magic-folder/holiday/invites", TestContext.Current.CancellationToken);
        string id = JsonSerializer.Deserialize(invites, ApiJson.Default.ListInviteDocument)!.Single().Id;
        using var cancelled = await laptop.Client.DeleteAsync($"/v1/magic-folder/holiday/invites/{id}", TestContext.Current.CancellationToken);
        cancelled.StatusCode.ShouldBe(HttpStatusCode.OK);
        await phone.BecomesAsync("holiday", folder => folder.State == "stopped");
    }

    /// <summary>The computer of an admin that takes no answer, for its folder is paused.</summary>
    private async Task<RunningDaemon> InviterAsync()
    {
        var laptop = await RunningDaemon.StartAsync(_root, "laptop");
        await laptop.AddAsync("holiday", "laptop", "laptop");
        (await laptop.PostAsync("/v1/magic-folder/holiday/pause")).ShouldBe("200 {}");
        return laptop;
    }

    /// <returns>Where the state is kept.</returns>
    private static async Task<string> LeaveAsync(RunningDaemon daemon)
    {
        using var answer = await daemon.Client.DeleteAsync("/v1/magic-folder/holiday", TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, ApiJson.Default.LeftDocument)!.State;
    }
}
