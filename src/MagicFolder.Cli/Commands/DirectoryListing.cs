using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;

namespace MagicFolder.Cli.Commands;

internal sealed record ChildView(
    string Name, string Kind, bool? Mutable, string? Format, long? Size, string? WriteCap, string? ReadCap,
    [property: JsonConverter(typeof(MetadataAsItStands))] ChildMetadata? Metadata, string? Skipped);

internal sealed record DirectoryView(bool Mutable, string? WriteCap, string ReadCap, ChildView[] Children);

/// <summary>What is in a directory, for programs and for people. Caps are in the document, since it is what they were asked for; lines for people have none.</summary>
internal sealed class DirectoryListing(DirectoryCap directory, DirectoryTable table)
{
    internal void PrintJson() => JsonText.Print(
        new DirectoryView(
            directory.IsMutable, directory.IsReadOnly ? null : directory.ToUriString(), directory.ToReadOnly().ToUriString(), [.. Views()]),
        DirectoryJson.Indented.DirectoryView);

    internal void PrintText()
    {
        foreach (var child in Views())
        {
            string reason = child.Skipped is null ? "" : $"  ({child.Skipped})";
            Console.Out.WriteLine($"{child.Kind,-9}  {(child.Size is { } size ? Amounts.Bytes(size) : "-"),8}  {Printable.Text(child.Name)}{reason}");
        }
    }

    private IEnumerable<ChildView> Views() =>
        table.Children.Select(View)
            .Concat(table.Skipped.Select(skipped => new ChildView(skipped.Name.Text, "skipped", null, null, null, null, null, null, Faults.Describe(skipped.Fault))))
            .OrderBy(child => ChildName.From(child.Name));

    private static ChildView View(DirectoryChild child)
    {
        var cap = CapReader.KnownCapOf(child);
        return new ChildView(
            child.Name.Text, KindOf(cap), cap?.IsMutable, FormatOf(cap), SizeOf(cap) ?? (cap is DirectoryCap ? null : SizeIn(child.Metadata)), child.Caps.Write?.ToUriString(), child.Caps.Read?.ToUriString(),
            child.Metadata, null);
    }

    private static string KindOf(Cap? cap) => cap switch
    {
        null => "unknown",
        DirectoryCap => "directory",
        _ => "file",
    };

    private static string? FormatOf(Cap? cap) => cap switch
    {
        DirectoryCap directory => FormatOf(directory.Inner),
        LiteralCap => "LIT",
        ChkCap or ChkVerifyCap => "CHK",
        MutableWriteCap write => FormatOf(write.Format),
        MutableReadCap read => FormatOf(read.Format),
        MutableVerifyCap verify => FormatOf(verify.Format),
        _ => null,
    };

    private static string FormatOf(MutableFormat format) => format.ToString().ToUpper(CultureInfo.InvariantCulture);

    private static long? SizeOf(Cap? cap) => cap switch
    {
        ImmutableCap immutable => immutable.Size,
        ChkVerifyCap verify => verify.Size,
        _ => null,
    };

    /// <summary>What some programs note of a file that can change. Names and texts of others may have escapes that stand for no text, so nothing is decoded.</summary>
    private static long? SizeIn(ChildMetadata metadata)
    {
        long? size = null;
        var json = new Utf8JsonReader(metadata.Json.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isSize = json.ValueSpan.SequenceEqual("size"u8);
            json.Read();
            if (isSize && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long bytes) && bytes >= 0) size = bytes;
            json.Skip();
        }
        return size;
    }
}

/// <summary>Written as it is stored: what a reader does not decode cannot trouble it.</summary>
internal sealed class MetadataAsItStands : JsonConverter<ChildMetadata>
{
    public override ChildMetadata Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, ChildMetadata value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json.Span, skipInputValidation: true);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(DirectoryView))]
internal sealed partial class DirectoryJson : JsonSerializerContext
{
    internal static DirectoryJson Indented { get; } = new(new(JsonText.Options));
}
