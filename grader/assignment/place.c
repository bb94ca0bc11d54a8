#include "grader/assignment/place.h"

#include "text/yaml_text.h"

unsigned place_line(yaml_document_t *document, const struct place *place)
{
    struct yaml_walk walk = yaml_walk_begin(document);
    if (place->check > 0) {
        yaml_walk_enter_key(&walk, "checks");
        yaml_walk_enter_entry(&walk, place->check);
    }
    if (place->step > 0) {
        yaml_walk_enter_key(&walk, "steps");
        yaml_walk_enter_entry(&walk, place->step);
    }
    if (place->section != NULL)
        yaml_walk_enter_key(&walk, place->section);
    if (place->entry > 0)
        yaml_walk_enter_entry(&walk, place->entry);
    if (place->key != NULL)
        yaml_walk_enter_key(&walk, place->key);
    if (place->item > 0)
        yaml_walk_enter_entry(&walk, place->item);
    return walk.line;
}
