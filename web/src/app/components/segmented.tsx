// A few choices side by side, exactly one of them chosen: native radio buttons under one legend.

interface Option<Value extends string> {
  value: Value;
  text: string;
  /** The choice of nothing: chosen, it is not lit. */
  none?: boolean;
}

interface SegmentedProps<Value extends string> {
  /** Unique on the page. */
  name: string;
  legend: string;
  legendHidden?: boolean;
  options: readonly Option<Value>[];
  value: Value | undefined;
  onChoose: (value: Value) => void;
}

export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  return (
    <fieldset class="segmented">
      <legend class={props.legendHidden ? 'visually-hidden' : 'section-title'}>{props.legend}</legend>
      <div class="segmented-options">
        {props.options.map((option) => (
          <label key={option.value} class={classOf(option, option.value === props.value)}>
            <input
              type="radio"
              name={props.name}
              value={option.value}
              checked={option.value === props.value}
              onChange={() => props.onChoose(option.value)}
            />
            {option.text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function classOf(option: Option<string>, chosen: boolean): string {
  if (!chosen) return 'segmented-option';
  return `segmented-option ${option.none ? 'chosen-none' : 'chosen'}`;
}
