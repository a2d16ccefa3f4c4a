using System.Text.Json;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;

namespace MagicFolder.Tahoe.Tests.Directories;

/// <summary>What the gateway of the real Tahoe-LAFS says of a directory.</summary>
internal static class Listing
{
    internal static void ShouldShow(DirectoryTable table, JsonElement listing)
    {
        var shown = listing.GetProperty("children").EnumerateObject().ToArray();
        table.Children.Select(child => child.Name.Text).ShouldBe(shown.Select(child => child.Name).Order(StringComparer.Ordinal));
        foreach (var entry in shown)
        {
            var child = table.Find(ChildName.From(entry.Name)).ShouldNotBeNull();
            var (kind, facts) = (entry.Value[0].GetString(), entry.Value[1]);
            (child.Caps.Write?.ToUriString()).ShouldBe(TextOrNull(facts, "rw_uri"));
            (child.Caps.Read?.ToUriString()).ShouldBe(TextOrNull(facts, "ro_uri"));
            (child.Caps.Best?.ToVerifyCap()?.ToUriString()).ShouldBe(TextOrNull(facts, "verify_uri"));
            kind.ShouldBe(child.Caps.Best switch { DirectoryCap => "dirnode", UnknownCap or null => "unknown", _ => "filenode" });
            JsonElement.DeepEquals(JsonDocument.Parse(child.Metadata.Json).RootElement, facts.GetProperty("metadata")).ShouldBeTrue();
        }
    }

    private static string? TextOrNull(JsonElement facts, string name) => facts.TryGetProperty(name, out var value) ? value.GetString() : null;
}
