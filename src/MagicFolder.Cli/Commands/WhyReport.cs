using System.Text.Json;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands;

/// <summary>What is known of a path, for programs and for people.</summary>
internal static class WhyReport
{
    private static readonly ApiJson Indented = new(new JsonSerializerOptions(JsonText.Options));

    /// <param name="why">What is known.</param>
    /// <param name="options">By which the folder is named in the next command.</param>
    internal static void PrintText(WhyDocument why, string options)
    {
        foreach (var sentence in why.Told ?? []) Console.Out.WriteLine(Printable.Text(string.Concat(sentence.Select(part => Write(part, options)))));
        if (why.Activity.Count == 0) return;
        Console.Out.WriteLine("What happened, newest first:");
        foreach (var one in why.Activity) Console.Out.WriteLine($"  {Times.LocalOfIso(one.Time)}  {Printable.Text(one.Text)}");
    }

    internal static void PrintJson(WhyDocument why) => JsonText.Print(why with { Told = null }, Indented.WhyDocument);

    private static string Write(PartDocument part, string options) => part.Options is not null ? options : part.TimeMs is { } time ? Times.Local(time) : part.Bytes is { } bytes ? Amounts.Bytes(bytes) : part.Text ?? "";
}
