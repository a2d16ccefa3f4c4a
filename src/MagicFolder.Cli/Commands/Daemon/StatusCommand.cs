using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>status [--watch]</c>: how everything stands.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    internal static Command Create()
    {
        var watch = new Option<bool>("--watch") { Description = "Show it again whenever it changes, and single files and invites as they come and go, until stopped" };
        var config = CommonOptions.Config();
        var json = CommonOptions.Json();
        var command = new Command(
            "status",
            "Show how the folders of this computer stand: what is in sync, who has what, what waits and what is stuck. The exit status is 3 when a folder is stopped or has conflicts or problems.")
        {
            watch, config, json,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            using var client = await ApiClient.OpenAsync(parsed.GetValue(config), cancel);
            var status = await client.GetAsync("/v1/status", ApiJson.Default.StatusDocument, cancel);
            var report = new StatusReport(parsed.GetValue(json));
            report.Print(status);
            if (!parsed.GetValue(watch)) return StatusReport.ExitStatusOf(status);
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var telling = parsed.GetValue(json) ? Task.CompletedTask : EventReport.PrintAsync(client, ends.Token);
            try
            {
                while (true)
                {
                    await Task.Delay(Interval, TimeProvider.System, cancel);
                    report.Print(status = await client.GetAsync("/v1/status", ApiJson.Default.StatusDocument, cancel));
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // Being stopped is the way a watch ends.
            }
            finally
            {
                await ends.CancelAsync();
                await telling;
            }
            return StatusReport.ExitStatusOf(status);
        }));
        return command;
    }
}
